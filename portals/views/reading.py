"""The PDF behind a link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from contracts.services import signing
from portals.views.public import LinkScreen
from utilcrm.files import file_response


class ReadContract(LinkScreen):
    """The contract to be signed; after signing the signed one."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the PDF, and note that it was read."""
        document, content = signing.read_document(token=kwargs["token"], visitor=self.visitor)
        return file_response(
            content,
            name=document.file_name,
            mime=document.mime,
            inline="download" not in request.GET,
        )
