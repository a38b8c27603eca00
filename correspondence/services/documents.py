"""Making documents: asked for here, made by a worker."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.utils.text import slugify

from correspondence.choices import DocumentKind, DocumentStatus
from correspondence.models import Document
from events.models import Delivery
from events.services import mending, outbox

DESTINATION = "documents"


@dataclass(frozen=True)
class Customer:
    """Whose correspondence it is: the account's external key and its segment."""

    account_uuid: uuid.UUID | None
    segment: str


@dataclass(frozen=True)
class Template:
    """
    A template in one version.

    `name` is a folder below `templates/`, such as `contracts/pdf/contract`; the file is
    `<name>/v<version>/<language>.html`. A version that has been used is never changed again.
    """

    name: str
    version: int


def request_document(
    *,
    kind: DocumentKind,
    subject: models.Model,
    customer: Customer,
    title: str,
    template: Template,
    language: str,
    context: Mapping[str, Any],
    seal: bool = True,
    original: Document | None = None,
) -> Document:
    """
    Ask the worker for a PDF; the returned document is RENDERING until it is there.

    Call it in the transaction of the business change. `context` must be JSON: it is kept with the
    document, so that it says what the customer was told. With `original` the new pages are put
    behind that document's pages, which are not drawn again.
    """
    document = Document.objects.create(
        account_uuid=customer.account_uuid,
        segment=customer.segment,
        kind=kind,
        subject_type=subject._meta.label,
        subject_uuid=subject_uuid(subject),
        number=next_version(subject, kind),
        title=title,
        file_name=f"{slugify(title) or 'document'}.pdf",
        language=language,
        template=template.name,
        template_version=template.version,
        context=dict(context),
        wants_seal=seal,
        original=original,
    )
    enqueue_rendering(document)
    return document


def enqueue_rendering(document: Document) -> Delivery:
    """Put the rendering at the end of its lane; the subject's documents are made in order."""
    return outbox.enqueue(
        destination=DESTINATION,
        ordering_key=lane_of(document),
        kind="render",
        payload={"document_uuid": str(document.uuid)},
        account_uuid=document.account_uuid,
    )


@transaction.atomic
def make_again(*, document: Document, actor: models.Model | None) -> None:
    """
    Have the worker try a failed document once more.

    :raises events.services.mending.DeliveryNotStopped: if it is made, or being made
    """
    delivery = Delivery.objects.filter(
        destination=DESTINATION, ordering_key=lane_of(document)
    ).latest("pk")
    mending.retry(delivery=delivery, actor=actor)
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.is_failed:
        locked.mark_rendering()


def lane_of(document: Document) -> str:
    """Return the ordering key under which a document is made."""
    return f"document:{document.uuid}"


def requirement_of(document: Document) -> list[tuple[str, str, int]]:
    """Return what a message that carries the document has to wait for."""
    if document.status == DocumentStatus.READY:
        return []
    return [(DESTINATION, lane_of(document), 1)]


def next_version(subject: models.Model, kind: str) -> int:
    """Return the number of the next document of a kind about a subject, from 1."""
    last: int | None = Document.objects.filter(
        subject_uuid=subject_uuid(subject), kind=kind
    ).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def subject_uuid(subject: models.Model) -> uuid.UUID:
    """Return the external key of any record of ours."""
    found: uuid.UUID = subject.uuid  # type: ignore[attr-defined]
    return found
