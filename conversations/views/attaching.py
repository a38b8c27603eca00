"""Files beside the answer that is being written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations.models import Conversation
from conversations.services import attaching
from conversations.services.assigning import NotPossible
from conversations.views.acting import HANDLE
from correspondence.services.uploading import MOST_BYTES, UploadRefused
from utilcrm.web.views import DetailScreen


class Attaching(DetailScreen):
    """What is done with the files; shows the list of them, with what was refused and why."""

    model = Conversation
    permission_required = HANDLE
    own_contact = True
    http_method_names = ["post"]

    def listed(self, refused: list[str]) -> HttpResponse:
        """Show the files as they are now."""
        context: dict[str, Any] = {
            "conversation": self.subject,
            "reply_files": self.subject.reply_files.order_by("pk"),
            "refused": refused,
        }
        return render(self.request, "conversations/_files.html", context)


class Attach(Attaching):
    """Add files."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take each that can be taken, and say of the others what is wrong with them."""
        refused = []
        for file in request.FILES.getlist("file")[: attaching.MOST_FILES + 1]:
            try:
                attaching.attach_file(
                    conversation=self.subject,
                    agent=request.user,
                    name=file.name or "",
                    # one byte more than may be, so that what is too big is seen to be
                    content=file.read(MOST_BYTES + 1),
                )
            except (UploadRefused, NotPossible) as refusal:
                refused.append(f"{file.name}: {refusal}")
        return self.listed(refused)


class Detach(Attaching):
    """Take a file out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do so."""
        try:
            attaching.detach_file(
                conversation=self.subject, agent=request.user, file=kwargs["file"]
            )
        except NotPossible as refusal:
            return self.listed([str(refusal)])
        return self.listed([])
