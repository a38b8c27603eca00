"""Handing out a document's bytes to whoever may see them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from correspondence.models import Document
from correspondence.services.rendering import OriginalAltered, read_unaltered
from correspondence.services.uploading.checking import PDF
from utilcrm.files import file_response
from utilcrm.web.views import DetailScreen


class ReadDocument(DetailScreen):
    """The file itself: ours in the browser, what people have handed in always as a download."""

    model = Document
    permission_required = "correspondence.view_document"
    template_name = "correspondence/altered.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the bytes, if they are still those that were stored."""
        if not self.subject.is_ready:
            raise Http404
        try:
            content = read_unaltered(self.subject)
        except OriginalAltered as exc:
            return self.show(self.get_context_data(reason=str(exc)), status=409)
        is_ours = self.subject.mime == PDF and not self.subject.is_upload
        return file_response(
            content,
            name=self.subject.file_name,
            mime=self.subject.mime,
            inline=is_ours and "download" not in request.GET,
        )
