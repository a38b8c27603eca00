"""Storing what was checked."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone, translation

from correspondence.choices import DocumentKind
from correspondence.models import Document
from correspondence.models.document import private_path
from correspondence.services.documents import Customer, next_version, subject_uuid
from correspondence.services.uploading.checking import check_upload
from events.services import recording
from utilcrm.db.locks import lock_until_commit


@transaction.atomic
def store_upload(
    *,
    name: str,
    content: bytes,
    subject: models.Model,
    customer: Customer,
    title: str = "",
    actor: models.Model | None = None,
) -> Document:
    """
    Check a file that was handed in, clean it and attach it to a record.

    :raises correspondence.services.uploading.UploadRefused: if it is not taken
    """
    checked = check_upload(name=name, content=content)
    lock_until_commit("upload", str(subject_uuid(subject)))
    document = Document.objects.create(
        account_uuid=customer.account_uuid,
        segment=customer.segment,
        kind=DocumentKind.UPLOAD,
        subject_type=subject._meta.label,
        subject_uuid=subject_uuid(subject),
        number=next_version(subject, DocumentKind.UPLOAD),
        title=(title or checked.name)[:200],
        file_name=checked.name,
        language=translation.get_language() or "en",
        mime=checked.mime,
        uploaded_by_id=actor.pk if actor else None,
    )
    stored = default_storage.save(
        private_path(document, f"{document.uuid}-upload"), ContentFile(checked.content)
    )
    document.mark_ready(
        name=stored,
        sha256=hashlib.sha256(checked.content).hexdigest(),
        size=len(checked.content),
        pages=checked.pages,
        sealed=False,
        at=timezone.now(),
    )
    recording.record(
        "correspondence.document.uploaded",
        subject=document,
        actor=actor,
        payload=document.as_payload(),
    )
    return document
