"""Answering with a private file: no cache keeps it, no browser guesses or runs it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def file_response(content: bytes, *, name: str, mime: str, inline: bool) -> HttpResponse:
    """
    Return a response with a file's bytes.

    `inline` only for files that we have made ourselves: a sandbox would keep browsers from showing
    a PDF, so that it is asked for everything else, which is a download anyway.
    """
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if not inline:
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
