"""The nightly comparison of both books: its runs, and what it found."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from billing_sync.choices import (
    COMPARISON_TRANSITIONS,
    DIFFERENCE_TRANSITIONS,
    ComparisonStatus,
    DifferenceKind,
    DifferenceStatus,
    ObjectType,
)
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class Comparison(Record):
    """One comparison of both books, how long it took, and how much it found."""

    status = models.CharField(
        _("status"),
        max_length=7,
        choices=ComparisonStatus.choices,
        default=ComparisonStatus.RUNNING,
        editable=False,
    )
    started_by_id = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    ours = models.PositiveBigIntegerField(_("here"), default=0)
    theirs = models.PositiveBigIntegerField(_("in the ERP"), default=0)
    found = models.PositiveIntegerField(_("differences"), default=0)
    trouble = models.TextField(blank=True)

    class Meta:
        verbose_name = _("comparison with the ERP")
        verbose_name_plural = _("comparisons with the ERP")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status=ComparisonStatus.RUNNING),
                name="comparison_one_running",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def mark_done(self, *, at: dt.datetime, ours: int, theirs: int, found: int) -> None:
        """Everything was compared."""
        self.ours, self.theirs, self.found = ours, theirs, found
        self._finish(ComparisonStatus.DONE, at)

    def mark_failed(self, reason: str, *, at: dt.datetime) -> None:
        """The ERP did not answer to the end, or the worker was lost; nothing was concluded."""
        self.trouble = reason
        self._finish(ComparisonStatus.FAILED, at)

    def _finish(self, status: str, at: dt.datetime) -> None:
        check_transition(COMPARISON_TRANSITIONS, self.status, status)
        self.status, self.finished_at = status, at
        self.save()

    @property
    def is_running(self) -> bool:
        """Whether its end is still awaited."""
        return self.status == ComparisonStatus.RUNNING

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return (self.finished_at - self.created_at).total_seconds() if self.finished_at else None


class DifferenceQuerySet(CustomerQuerySet):
    """Differences about customers that a person may see, and those about nobody known."""

    segment_path = "account__segment"
    vacant_is_visible = True


class Difference(Record):
    """
    Something that one book has otherwise than the other, or not at all.

    ``ours`` and ``theirs`` are the values in words. A difference that a later comparison does not
    find again is gone.
    """

    comparison = models.ForeignKey(
        Comparison, on_delete=models.CASCADE, related_name="differences", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=13, choices=DifferenceKind.choices)
    object_type = models.CharField(_("type"), max_length=20, choices=ObjectType.choices)
    erp_key = models.CharField(_("ERP number"), max_length=22)
    subject_uuid = models.UUIDField(null=True)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, null=True, related_name="sync_differences"
    )
    field = models.CharField(_("field"), max_length=40, blank=True)
    ours = models.TextField(_("in the CRM"), blank=True)
    theirs = models.TextField(_("in the ERP"), blank=True)
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=DifferenceStatus.choices,
        default=DifferenceStatus.OPEN,
        editable=False,
    )
    repaired_at = models.DateTimeField(null=True)
    repaired_by_label = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference from the ERP")
        verbose_name_plural = _("differences from the ERP")
        default_permissions = ("view",)
        permissions = [("repair_difference", _("Can repair differences from the ERP"))]
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "erp_key", "kind", "field"],
                condition=Q(status=DifferenceStatus.OPEN),
                name="difference_open_once",
            ),
        ]
        indexes = [
            # the list by kind, and its counts
            models.Index(fields=["kind", "id"], name="difference_open", condition=Q(status="OPEN")),
            models.Index(fields=["comparison", "id"], name="difference_comparison"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_type} {self.erp_key}"

    def mark_repaired(self, *, status: str, at: dt.datetime, by: str, note: str) -> None:
        """Note what was done about it, and by whom."""
        check_transition(DIFFERENCE_TRANSITIONS, self.status, status)
        self.status, self.repaired_at = status, at
        self.repaired_by_label, self.note = by[:150], note
        self.save()

    @property
    def is_open(self) -> bool:
        """Whether nothing was done about it yet."""
        return self.status == DifferenceStatus.OPEN
