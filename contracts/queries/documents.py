"""The documents and messages that belong to a contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from contracts.models import Contract
from correspondence.choices import DocumentKind
from correspondence.models import Document, Message


@dataclass(frozen=True)
class Papers:
    """Documents, newest first, and messages, newest first."""

    documents: Sequence[Document]
    messages: Sequence[Message]

    @property
    def welcome_letter(self) -> Document | None:
        """Return the newest welcome letter, if there is one."""
        return next((x for x in self.documents if x.kind == DocumentKind.WELCOME_LETTER), None)


def papers_of(contract: Contract, *, viewer: Any) -> Papers:
    """
    Return what was written about a contract, as far as the viewer may see it.

    One PDF may be about two contracts of one order: it hangs on their request to sign.
    """
    request = contract.signature_request
    about = Q(subject_uuid=contract.uuid)
    written = Q(subject_uuid=contract.uuid)
    if request is not None:
        about |= Q(pk__in=[x for x in (request.document_id, request.signed_document_id) if x])
        written |= Q(subject_uuid=request.uuid)
    documents = Document.objects.visible_to(viewer).filter(about).defer("context")
    messages = Message.objects.visible_to(viewer).filter(written).defer("text", "html")
    return Papers(
        documents=list(documents.order_by("-pk")[:50]),
        messages=list(messages.order_by("-pk")[:50]),
    )
