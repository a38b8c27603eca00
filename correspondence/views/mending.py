"""Having the worker try again."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from access.models import User
from correspondence.models import Document
from correspondence.services.documents import make_again
from events.services.mending import DeliveryNotStopped
from utilcrm.web.views import DetailScreen


class MakeAgain(DetailScreen):
    """Try once more to make a document that failed; leads back to where it was pressed."""

    model = Document
    permission_required = "correspondence.make_document"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue it, and say so."""
        try:
            make_again(document=self.subject, actor=cast("User", request.user))
            messages.success(request, _("The document is being made again."))
        except DeliveryNotStopped:
            messages.info(request, _("The document is being made already."))
        return redirect(self._back())

    def _back(self) -> str:
        referer = self.request.headers.get("Referer", "")
        own = f"{self.request.scheme}://{self.request.get_host()}/"
        return referer if referer.startswith(own) else "/"
