"""ReadingReport: readings that somebody gave us, on their way to the ERP."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from devices.choices import (
    REPORT_TRANSITIONS,
    ReadingAnswer,
    ReadingFinding,
    ReadingReason,
    ReadingSource,
    ReportStatus,
)
from devices.models.meter_reading import MeterReading
from devices.models.register import Register
from premises.models import PointOfDelivery
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class ReadingReportQuerySet(CustomerQuerySet):
    """Reports about the premises that a person may see."""

    segment_path = "pod__premise__segment"
    vacant_is_visible = True


class ReadingReport(Record, Versioned):
    """
    What all registers of one meter showed on a local day, as told by a customer or read by us.

    It becomes one meter reading document of the ERP. `failure_*` is the ERP's refusal.
    """

    pod = models.ForeignKey(
        PointOfDelivery, on_delete=models.PROTECT, related_name="reading_reports"
    )
    account_uuid = models.UUIDField(null=True, blank=True, editable=False)
    serial_number = models.CharField(_("meter number"), max_length=18)
    new_serial_number = models.CharField(_("number of the new meter"), max_length=18, blank=True)
    read_on = models.DateField(_("read on"))
    reason = models.CharField(_("reason"), max_length=13, choices=ReadingReason.choices)
    source = models.CharField(_("source"), max_length=11, choices=ReadingSource.choices)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=ReportStatus.choices,
        default=ReportStatus.QUEUED,
        editable=False,
    )
    erp_number = models.CharField(_("ERP number"), max_length=12, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_field = models.CharField(max_length=80, blank=True)
    failure_text = models.TextField(blank=True)
    taken_by_id = models.IntegerField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ReadingReport]] = ReadingReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading report")
        verbose_name_plural = _("reading reports")
        default_permissions = ("view",)
        permissions = [("report_reading", "Can enter meter readings")]
        constraints = [
            models.CheckConstraint(
                name="devices_report_refused_says_why",
                condition=~Q(status=ReportStatus.REFUSED) | ~Q(failure_text=""),
            ),
        ]
        indexes = [models.Index(fields=["pod", "-id"], name="devices_report_pod")]

    def __str__(self) -> str:
        return f"{self.serial_number} {self.read_on:%Y-%m-%d}"

    # Mutators

    def mark_sent(self) -> None:
        """Note that the ERP has the message."""
        self._move_to(ReportStatus.SENT)

    def mark_confirmed(self, *, erp_number: str, at: dt.datetime) -> None:
        """Note that the ERP has taken the readings up."""
        self.erp_number, self.closed_at = erp_number[:12], at
        self._move_to(ReportStatus.CONFIRMED, "erp_number", "closed_at")

    def mark_refused(self, *, code: str, field: str, text: str) -> None:
        """Note what the ERP does not like; a person corrects the readings or takes them back."""
        self.failure_code, self.failure_field = code[:60], field[:80]
        self.failure_text = text or code or str(_("The ERP gave no reason."))
        self._move_to(ReportStatus.REFUSED, "failure_code", "failure_field", "failure_text")

    def mark_queued(self) -> None:
        """Hand corrected readings to the queue again."""
        self.failure_code = self.failure_field = self.failure_text = ""
        self._move_to(ReportStatus.QUEUED, "failure_code", "failure_field", "failure_text")

    def mark_withdrawn(self, *, at: dt.datetime) -> None:
        """Take refused readings back."""
        self.closed_at = at
        self._move_to(ReportStatus.WITHDRAWN, "closed_at")

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(REPORT_TRANSITIONS, self.status, status)
        self.status = status
        self.save_changes("status", *fields)

    # Properties

    @property
    def is_refused(self) -> bool:
        """Whether the ERP has refused it and somebody must decide."""
        return self.status == ReportStatus.REFUSED

    @property
    def is_under_way(self) -> bool:
        """Whether the ERP's answer is awaited."""
        return self.status in {ReportStatus.QUEUED, ReportStatus.SENT}


class ReportedValue(Record):
    """
    What one register showed, beside what was to be expected.

    `low` and `high` bound the plausible values, both in the register's count; `answer` is what
    was said when the value was not among them.
    """

    report = models.ForeignKey(ReadingReport, on_delete=models.CASCADE, related_name="values")
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="reported")
    reading = models.ForeignKey(
        MeterReading, on_delete=models.SET_NULL, null=True, blank=True, related_name="reported"
    )
    value = models.DecimalField(_("reading"), max_digits=18, decimal_places=6)
    previous = models.DecimalField(
        _("previous reading"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    previous_on = models.DateField(null=True, blank=True)
    low = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    finding = models.CharField(max_length=8, choices=ReadingFinding.choices, blank=True)
    answer = models.CharField(max_length=10, choices=ReadingAnswer.choices, blank=True)
    photo = models.ForeignKey(
        "correspondence.Document",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("reported value")
        verbose_name_plural = _("reported values")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["report", "register"], name="devices_reported_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.value}"
