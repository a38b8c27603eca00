"""A file that came with a message."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from conversations.choices import Verdict
from conversations.models.message import Message
from utilcrm.db.models import Record
from utilcrm.db.tenancy import current_schema

AttachmentQuerySet = customer_queryset("message__conversation__account__segment", vacant=True)


def private_path(attachment: Attachment, filename: str) -> str:
    """Return the storage key: the tenant's folder, and nothing that a person has typed."""
    return f"{current_schema()}/{filename}"


class Attachment(Record):
    """
    A file as it came, or only its name, size and hash where it was kept out as dangerous.

    `kind` is what its first bytes say, whatever its name or the sender claim. Only what is `GOOD`
    is ever handed out; `finding` names the virus, or says why the scanner could not judge.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    finding = models.CharField(max_length=200, blank=True, default="")
    file = models.FileField(upload_to=private_path, max_length=255, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=[Verdict.GOOD, Verdict.WAITING, Verdict.UNCHECKED])
                | Q(file=""),
                name="conversations_dangerous_files_are_not_kept",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="conversations_to_be_scanned", condition=Q(verdict="WAITING")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def can_be_opened(self) -> bool:
        """Whether there is something to hand out, and nothing speaks against it."""
        return self.verdict == Verdict.GOOD and bool(self.file)

    def mark_judged(self, verdict: Verdict, *, finding: str = "") -> None:
        """Note what the scanner says; of what carries a virus the bytes are no longer named."""
        self.verdict, self.finding = verdict, finding[:200]
        if verdict == Verdict.VIRUS:
            self.file = ""
        self.save(update_fields=["verdict", "finding", "file", "updated_at"])
