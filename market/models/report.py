"""What we report to suppliers each month, and where each of them takes it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.models import User
from market.choices import REPORT_TRANSITIONS, ReportChannel, ReportStatus
from premises.choices import Division
from utilcrm.db.models import Record, Versioned
from utilcrm.secretbox import seal, unseal
from utilcrm.states import check_transition


class SupplierEndpoint(Record):
    """
    How one supplier takes our reports: a web service, or a portal where a person uploads a file.

    `url` is the service's address, or the portal's. Our password is kept sealed and never shown.
    Times are seconds; `upload_days` are the days that a person has for an upload.
    """

    supplier = models.OneToOneField(
        "products.Supplier", on_delete=models.CASCADE, related_name="endpoint"
    )
    channel = models.CharField(_("way"), max_length=4, choices=ReportChannel.choices)
    url = models.URLField(_("address"), max_length=255)
    username = models.CharField(_("user name there"), max_length=80, blank=True)
    password_sealed = models.TextField(editable=False, blank=True)
    connect_timeout = models.PositiveSmallIntegerField(
        _("seconds to connect"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    read_timeout = models.PositiveSmallIntegerField(
        _("seconds to answer"), default=20, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    upload_days = models.PositiveSmallIntegerField(_("days for an upload"), default=3)
    is_active = models.BooleanField(_("active"), default=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    check_result = models.TextField(_("result of the check"), blank=True, editable=False)
    check_ok = models.BooleanField(null=True, editable=False)

    objects: ClassVar[models.Manager[SupplierEndpoint]] = models.Manager()

    class Meta:
        verbose_name = _("supplier's inbox for reports")
        verbose_name_plural = _("suppliers' inboxes for reports")
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"{self.supplier} {self.channel}"

    def set_password(self, password: str) -> None:
        """Keep our password there, sealed; the caller saves."""
        self.password_sealed = seal(password)

    def mark_checked(self, *, at: dt.datetime, ok: bool, result: str) -> None:
        """Note what the connection check found."""
        self.checked_at, self.check_ok, self.check_result = at, ok, result
        self.save(update_fields=["checked_at", "check_ok", "check_result", "updated_at"])

    @property
    def password(self) -> str:
        """Our password there, for the gateway only."""
        return unseal(self.password_sealed)


class SupplierReport(Record, Versioned):
    """
    Customer numbers and expected consumption as told to one supplier in one month.

    `month` is the first day of the month; the lines cover it and the eleven that follow. A worker
    takes them, asked at `asked_at`; they are frozen once it is no draft any more. A correction is a
    report of its own with the next `revision`. `failure_*` is the supplier's refusal, `receipt` its
    number for what it took.
    """

    supplier = models.ForeignKey(
        "products.Supplier", on_delete=models.PROTECT, related_name="reports"
    )
    month = models.DateField(_("month"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    channel = models.CharField(_("way"), max_length=4, choices=ReportChannel.choices)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=ReportStatus.choices,
        default=ReportStatus.DRAFT,
        editable=False,
    )
    asked_at = models.DateTimeField(_("asked for at"), null=True, blank=True)
    calculated_at = models.DateTimeField(_("calculated at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    receipt = models.CharField(_("receipt"), max_length=60, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_text = models.TextField(blank=True)
    upload_due_on = models.DateField(_("to be uploaded by"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=255, blank=True)

    objects: ClassVar[models.Manager[SupplierReport]] = models.Manager()

    class Meta:
        verbose_name = _("report to a supplier")
        verbose_name_plural = _("reports to suppliers")
        default_permissions = ("view",)
        permissions = [("report_supply", "Can make, send and upload reports to suppliers")]
        constraints = [
            models.UniqueConstraint(
                name="market_report_revision_once", fields=["supplier", "month", "revision"]
            ),
            models.UniqueConstraint(
                name="market_report_one_open",
                fields=["supplier", "month"],
                condition=Q(status__in=["COUNTING", "DRAFT", "SENDING", "TO_UPLOAD"]),
            ),
            models.CheckConstraint(name="market_report_first_of_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="market_report_rejected_says_why",
                condition=~Q(status=ReportStatus.REJECTED) | ~Q(failure_text=""),
            ),
            models.CheckConstraint(
                name="market_report_upload_has_date",
                condition=~Q(status=ReportStatus.TO_UPLOAD) | Q(upload_due_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.month:%Y-%m}/{self.revision}"

    # Mutators

    def mark_counting(self, *, at: dt.datetime) -> None:
        """Ask for the figures, or for those of a draft anew."""
        self.asked_at = at
        self._move_to(ReportStatus.COUNTING, "asked_at")

    def mark_calculated(self, *, at: dt.datetime) -> None:
        """Note when the figures were taken; from now on it can be looked at and sent."""
        self.calculated_at = at
        if self.is_counting:
            self._move_to(ReportStatus.DRAFT, "calculated_at")
        else:
            self.save_changes("calculated_at")

    def mark_sending(self, *, channel: str, at: dt.datetime) -> None:
        """Hand it to the queue; from now on nothing in it changes."""
        self.channel, self.sent_at = channel, at
        self.failure_code = self.failure_text = ""
        self._move_to(ReportStatus.SENDING, "channel", "sent_at", "failure_code", "failure_text")

    def mark_to_upload(self, *, due_on: dt.date, at: dt.datetime) -> None:
        """Ask for a person who uploads the file."""
        self.channel, self.sent_at, self.upload_due_on = ReportChannel.FILE, at, due_on
        self._move_to(ReportStatus.TO_UPLOAD, "channel", "sent_at", "upload_due_on")

    def mark_uploaded(self, *, by: User, note: str, at: dt.datetime) -> None:
        """Note who has uploaded the file, and what the portal said."""
        self.uploaded_by, self.note, self.settled_at = by, note[:255], at
        self._move_to(ReportStatus.CONFIRMED, "uploaded_by", "note", "settled_at")

    def mark_confirmed(self, *, receipt: str, at: dt.datetime) -> None:
        """Note that the supplier has taken it."""
        self.receipt, self.settled_at = receipt[:60], at
        self._move_to(ReportStatus.CONFIRMED, "receipt", "settled_at")

    def mark_rejected(self, *, code: str, text: str, at: dt.datetime) -> None:
        """Note what the supplier does not like."""
        self.failure_code, self.settled_at = code[:60], at
        self.failure_text = text or code or str(_("The supplier gave no reason."))
        self._move_to(ReportStatus.REJECTED, "failure_code", "failure_text", "settled_at")

    def mark_replaced(self) -> None:
        """Note that a correction takes its place."""
        self._move_to(ReportStatus.REPLACED)

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(REPORT_TRANSITIONS, self.status, status)
        self.status = status
        self.save_changes("status", *fields)

    # Properties

    @property
    def lane(self) -> str:
        """The ordering key of its messages."""
        return f"supplier:{self.supplier.uuid}"

    @property
    def is_counting(self) -> bool:
        """Whether its figures are being taken."""
        return self.status == ReportStatus.COUNTING

    @property
    def is_draft(self) -> bool:
        """Whether nobody has been told yet."""
        return self.status == ReportStatus.DRAFT

    @property
    def is_rejected(self) -> bool:
        """Whether the supplier has refused it."""
        return self.status == ReportStatus.REJECTED

    @property
    def waits_for_upload(self) -> bool:
        """Whether a person has to upload the file."""
        return self.status == ReportStatus.TO_UPLOAD

    @property
    def can_be_corrected(self) -> bool:
        """Whether another report may take its place."""
        return ReportStatus.REPLACED in REPORT_TRANSITIONS[self.status]


class SupplierReportLine(Record):
    """One month of a report, by agreement, division and segment; no customer in it. kWh."""

    report = models.ForeignKey(SupplierReport, on_delete=models.CASCADE, related_name="lines")
    agreement = models.ForeignKey(
        "products.SupplyAgreement", on_delete=models.PROTECT, related_name="+"
    )
    month = models.DateField(_("month"))
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    segment = models.CharField(_("segment"), max_length=11, choices=SegmentCode.choices)
    points = models.PositiveIntegerField(_("points of delivery"))
    expected_kwh = models.DecimalField(_("expected consumption"), max_digits=18, decimal_places=3)
    without_expectation = models.PositiveIntegerField(_("without expected consumption"))

    objects: ClassVar[models.Manager[SupplierReportLine]] = models.Manager()

    class Meta:
        verbose_name = _("line of a report to a supplier")
        verbose_name_plural = _("lines of reports to suppliers")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="market_report_line_once",
                fields=["report", "agreement", "month", "division", "segment"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.month} {self.expected_kwh}"
