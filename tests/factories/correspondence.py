"""Documents as the tests need them: rows with bytes in the store, no events, no worker."""

from __future__ import annotations

import hashlib
import uuid

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from access.choices import SegmentCode
from correspondence.choices import DocumentKind, DocumentStatus
from correspondence.models import Document
from correspondence.models.document import private_path

CONTENT = b"%PDF-1.7 of a test"


class DocumentFactory(factory.django.DjangoModelFactory):
    """A contract document that is being made."""

    class Meta:
        model = Document

    account_uuid = factory.LazyFunction(uuid.uuid4)
    segment = SegmentCode.RESIDENTIAL
    kind = DocumentKind.CONTRACT
    subject_type = "contracts.Contract"
    subject_uuid = factory.LazyFunction(uuid.uuid4)
    title = "Contract"
    file_name = "contract.pdf"


class ReadyDocumentFactory(DocumentFactory):
    """A contract document that is there; give `content` for other bytes."""

    class Params:
        content = CONTENT

    status = DocumentStatus.READY
    ready_at = factory.LazyFunction(timezone.now)
    file = factory.LazyAttribute(
        lambda one: default_storage.save(
            private_path(None, f"{uuid.uuid4()}.pdf"), ContentFile(one.content)
        )
    )
    sha256 = factory.LazyAttribute(lambda one: hashlib.sha256(one.content).hexdigest())
    size = factory.LazyAttribute(lambda one: len(one.content))
