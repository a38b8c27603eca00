"""What the worker does to make a document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template import TemplateDoesNotExist
from django.template.loader import select_template
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from correspondence.models import Document
from correspondence.models.document import private_path
from correspondence.services.sealing import seal_pdf
from events.services import recording
from events.services.handling import (
    Done,
    Envelope,
    Handler,
    NotApplied,
    NotFound,
    Outcome,
    Refused,
)
from utilcrm import pdf
from utilcrm.pdf.fonts import font_face_css
from utilcrm.seal import SealFailed


class OriginalAltered(Exception):
    """The bytes in the store are not those whose hash we noted when they were made."""


class DocumentHandler(Handler):
    """
    Renders, seals and stores; the destination `documents`.

    Rendering twice harms nothing: each attempt stores under a name of its own and the document
    points to the one that was finished first. Outside any transaction, because it takes seconds.
    """

    kinds: ClassVar[Mapping[str, Any]] = {"render": _("Make a document")}

    def deliver(self, envelope: Envelope) -> Outcome:
        """Make the PDF and put it into the store."""
        document = Document.objects.select_related("original").get(
            uuid=envelope.payload["document_uuid"]
        )
        if document.is_ready:
            return Done(result={"already": True})
        try:
            content = make_pdf(document)
        except TemplateDoesNotExist as exc:
            return Refused("TEMPLATE_MISSING", "template", f"There is no template {exc}.")
        except OriginalAltered as exc:
            return Refused("ORIGINAL_ALTERED", "original", str(exc))
        except pdf.RenderFailed as exc:
            return Refused("RENDER_FAILED", "", str(exc))
        except SealFailed as exc:
            return NotApplied(str(exc))
        name = default_storage.save(
            private_path(document, f"{document.uuid}-{envelope.attempts}.pdf"),
            ContentFile(content),
        )
        return Done(
            result={
                "name": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "size": len(content),
                "pages": pdf.count_pages(content),
                "sealed": document.wants_seal,
            }
        )

    def query(self, envelope: Envelope) -> Outcome:
        """Tell whether it is there; a worker that died half-way leaves nothing to ask about."""
        document = Document.objects.get(uuid=envelope.payload["document_uuid"])
        return Done(result={"already": True}) if document.is_ready else NotFound()

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Take up the file and tell whoever waits for it."""
        if outcome.result.get("already"):
            return
        document = Document.objects.select_for_update().get(uuid=envelope.payload["document_uuid"])
        if document.is_ready:
            return
        if document.is_failed:
            document.mark_rendering()
        made = {key: outcome.result[key] for key in ("name", "sha256", "size", "pages", "sealed")}
        document.mark_ready(**made, at=timezone.now())
        recording.record(
            "correspondence.document.made", subject=document, payload=document.as_payload()
        )

    def refused(self, envelope: Envelope, outcome: Refused) -> None:
        """Note why there is no document; a person has to look."""
        document = Document.objects.select_for_update().get(uuid=envelope.payload["document_uuid"])
        document.mark_failed(reason=outcome.text)
        recording.record(
            "correspondence.document.failed",
            subject=document,
            payload={**document.as_payload(), "reason": outcome.text},
        )


def make_pdf(document: Document) -> bytes:
    """
    Render a document from its own template and context, add it to its original, seal it.

    :raises TemplateDoesNotExist: no such template in this version, in any language
    :raises OriginalAltered: if the original in the store is not the one we know
    :raises utilcrm.pdf.RenderFailed: the renderer's error
    :raises utilcrm.seal.SealFailed: the seal's error
    """
    content = pdf.render_html(render_page(document))
    if document.original is not None:
        content = pdf.append_pages(
            read_unaltered(document.original),
            content,
            original_name=document.original.file_name,
        )
    if document.wants_seal:
        content = seal_pdf(content, reason=f"{document.title} ({document.number})")
    return content


def render_page(document: Document) -> str:
    """Render the HTML that the PDF is made of, in the document's own language."""
    folder = f"{document.template}/v{document.template_version}"
    template = select_template([f"{folder}/{document.language}.html", f"{folder}/en.html"])
    context: Mapping[str, Any] = {**document.context, "document": document}
    with translation.override(document.language):
        page = str(template.render(dict(context)))
    return page.replace("<head>", f"<head><style>{font_face_css()}</style>", 1)


def read_unaltered(document: Document) -> bytes:
    """
    Read a document's bytes, and make sure that they are the ones that were made.

    :raises OriginalAltered: if the store gives other bytes, or none
    """
    try:
        with document.file.open("rb") as stream:
            content = bytes(stream.read())
    except (OSError, ValueError) as exc:
        raise OriginalAltered(f"The file of {document} cannot be read.") from exc
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise OriginalAltered(f"The file of {document} was altered after it was made.")
    return content
