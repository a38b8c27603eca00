"""A document: made here by a worker, or handed in."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.visibility import CustomerQuerySet
from correspondence.choices import DOCUMENT_TRANSITIONS, DocumentKind, DocumentStatus
from utilcrm.db.models import Record
from utilcrm.db.tenancy import current_schema
from utilcrm.states import check_transition


def private_path(document: Document, filename: str) -> str:
    """Return the storage key: the tenant's folder, and nothing that a person has typed."""
    schema = current_schema()
    return f"{schema}/{filename}"


class DocumentQuerySet(CustomerQuerySet):
    """Documents, narrowed to what a person may see."""

    segment_path = "segment"

    def about(self, subject_type: str, subject_uuid: uuid.UUID) -> DocumentQuerySet:
        """Keep what belongs to one record, newest version first."""
        return self.filter(subject_type=subject_type, subject_uuid=subject_uuid).order_by(
            "kind", "-number"
        )


class Document(Record):
    """
    One version of one document about one record, with the bytes it consists of.

    What a template printed is kept beside it (`template`, `template_version`, `language`,
    `context`), so that an old document can be made again exactly as it was. `number` counts the
    versions of the same kind about the same subject, from 1.
    """

    account_uuid = models.UUIDField(null=True, blank=True)
    segment = models.CharField(max_length=20, choices=SegmentCode.choices)
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    subject_type = models.CharField(max_length=60)
    subject_uuid = models.UUIDField()
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    language = models.CharField(max_length=5, default="en")
    template = models.CharField(max_length=100, blank=True)
    template_version = models.PositiveSmallIntegerField(default=0)
    context = models.JSONField(default=dict, blank=True)
    original = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="continuations"
    )
    wants_seal = models.BooleanField(default=False)

    file = models.FileField(upload_to=private_path, max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    mime = models.CharField(max_length=100, default="application/pdf")
    sealed = models.BooleanField(default=False)
    status = models.CharField(
        max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.RENDERING
    )
    failure = models.TextField(blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    uploaded_by_id = models.BigIntegerField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["subject_uuid", "kind", "number"],
                name="correspondence_document_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="READY")
                | (~Q(file="") & ~Q(sha256="") & Q(size__gt=0) & Q(ready_at__isnull=False)),
                name="correspondence_document_ready_has_bytes",
            ),
            models.CheckConstraint(
                condition=~Q(status="FAILED") | ~Q(failure=""),
                name="correspondence_document_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["account_uuid", "-created_at"], name="correspondence_doc_account"),
        ]
        permissions = [
            ("upload_document", "Can attach a file to a customer's record"),
            ("make_document", "Can have a document made again"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    # Mutators

    def mark_ready(
        self, *, name: str, sha256: str, size: int, pages: int, sealed: bool, at: dt.datetime
    ) -> None:
        """Take up the finished bytes, which are already in the store under `name`."""
        self._move(DocumentStatus.READY)
        self.file.name = name
        self.sha256, self.size, self.pages, self.sealed = sha256, size, pages, sealed
        self.ready_at, self.failure = at, ""
        self.save(
            update_fields=[
                "status",
                "file",
                "sha256",
                "size",
                "pages",
                "sealed",
                "ready_at",
                "failure",
                "updated_at",
            ]
        )

    def mark_failed(self, *, reason: str) -> None:
        """Note that the document could not be made, and why."""
        if self.status == DocumentStatus.FAILED:
            return
        self._move(DocumentStatus.FAILED)
        self.failure = reason or "unknown"
        self.save(update_fields=["status", "failure", "updated_at"])

    def mark_rendering(self) -> None:
        """Try again to make it."""
        self._move(DocumentStatus.RENDERING)
        self.failure = ""
        self.save(update_fields=["status", "failure", "updated_at"])

    def _move(self, status: str) -> None:
        check_transition(DOCUMENT_TRANSITIONS, self.status, status)
        self.status = status

    # Properties

    @property
    def is_ready(self) -> bool:
        """Whether there is something to read."""
        return self.status == DocumentStatus.READY

    @property
    def is_failed(self) -> bool:
        """Whether making it went wrong."""
        return self.status == DocumentStatus.FAILED

    @property
    def is_upload(self) -> bool:
        """Whether somebody has handed it in."""
        return self.kind == DocumentKind.UPLOAD

    def as_payload(self) -> dict[str, Any]:
        """Return what an event says about the document."""
        return {
            "document_uuid": str(self.uuid),
            "kind": self.kind,
            "number": self.number,
            "subject_type": self.subject_type,
            "subject_uuid": str(self.subject_uuid),
            "account_uuid": str(self.account_uuid) if self.account_uuid else None,
            "sha256": self.sha256,
        }
