"""Having the worker try again."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from access.models import User
from correspondence.models import Document, Message
from correspondence.services.documents import make_again
from correspondence.services.mailing import MessageNotRepeatable, send_again
from events.services.mending import DeliveryNotStopped
from utilcrm.web.views import DetailScreen


class Mending(DetailScreen):
    """A button that leads back to where it was pressed."""

    permission_required = "correspondence.make_document"
    http_method_names = ["post"]

    def back(self) -> HttpResponse:
        """Lead back, inside this house only."""
        referer = self.request.headers.get("Referer", "")
        own = f"{self.request.scheme}://{self.request.get_host()}/"
        return redirect(referer if referer.startswith(own) else "/")


class SendAgain(Mending):
    """Send a copy of a message that has left, or was refused."""

    model = Message

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue the copy, and say so."""
        try:
            send_again(message=self.subject)
            messages.success(request, _("A copy is on its way."))
        except MessageNotRepeatable as exc:
            messages.error(request, str(exc))
        return self.back()


class MakeAgain(Mending):
    """Try once more to make a document that failed."""

    model = Document

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue it, and say so."""
        try:
            make_again(document=self.subject, actor=cast("User", request.user))
            messages.success(request, _("The document is being made again."))
        except DeliveryNotStopped:
            messages.info(request, _("The document is being made already."))
        return self.back()
