"""The ERP's invoicing runs, what the print company said of them, and what could not be taken."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import (
    INVOICE_RUN_TRANSITIONS,
    InvoiceRejectReason,
    InvoiceRejectStatus,
    InvoiceRunKind,
    InvoiceRunStatus,
)
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class InvoiceRun(Record):
    """
    One invoicing run of the ERP: how many invoices it made, and how many are here.

    ``month`` is the first day of the month in which its invoices are issued. Written in the
    transaction that loads a page, so that a load that is killed goes on behind the last page that
    is in the database.
    """

    erp_id = models.CharField(_("run"), max_length=20, unique=True)
    month = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=10, choices=InvoiceRunKind.choices)
    status = models.CharField(
        _("status"),
        max_length=7,
        choices=InvoiceRunStatus.choices,
        default=InvoiceRunStatus.LOADING,
        editable=False,
    )
    currency = models.CharField(max_length=3)
    closed_at = models.DateTimeField(_("made in the ERP at"))
    # what the ERP says it made
    expected = models.PositiveBigIntegerField(_("expected"))
    expected_amount = models.DecimalField(_("expected amount"), max_digits=18, decimal_places=4)
    # what is here
    last_key = models.CharField(max_length=20, blank=True)
    seen = models.PositiveBigIntegerField(default=0)
    loaded = models.PositiveBigIntegerField(_("read"), default=0)
    loaded_amount = models.DecimalField(
        _("amount read"), max_digits=18, decimal_places=4, default=0
    )
    without_agreement = models.PositiveBigIntegerField(_("without agreement"), default=0)
    tokens = models.PositiveBigIntegerField(_("tokens"), default=0)
    loads = models.PositiveIntegerField(default=1)
    load_seconds = models.FloatField(default=0)
    loaded_at = models.DateTimeField(_("read at"), null=True)
    last_token_at = models.DateTimeField(_("last token"), null=True)
    # whether customers get a mail: not for history
    sends_mail = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("invoicing run")
        verbose_name_plural = _("invoicing runs")
        default_permissions = ()
        indexes = [models.Index(fields=["-month", "-id"], name="invoice_run_newest")]

    def __str__(self) -> str:
        return self.erp_id

    # Mutators

    def mark_loaded(self, *, at: dt.datetime) -> None:
        """The whole list was read."""
        self._move(InvoiceRunStatus.LOADED)
        self.loaded_at = at
        self.save()

    def mark_loading(self) -> None:
        """Read the list from its beginning."""
        self._move(InvoiceRunStatus.LOADING)
        self.last_key, self.seen, self.loaded_at = "", 0, None
        self.loads += 1
        self.save()

    def advance(self, *, last_key: str, seen: int, seconds: float) -> None:
        """Move behind a page that was loaded."""
        self.last_key = last_key
        self.seen += seen
        self.load_seconds += seconds
        self.save(update_fields=["last_key", "seen", "load_seconds", "updated_at"])

    def _move(self, status: InvoiceRunStatus) -> None:
        check_transition(INVOICE_RUN_TRANSITIONS, self.status, status)
        self.status = status

    # Properties

    @property
    def lane(self) -> str:
        """The ordering key of its pages."""
        return f"invoices:{self.uuid}"

    @property
    def is_loading(self) -> bool:
        """Whether pages are still being read."""
        return self.status == InvoiceRunStatus.LOADING

    @property
    def missing(self) -> int:
        """How many invoices have no token yet."""
        return max(0, self.expected - self.tokens)

    @property
    def percent(self) -> int:
        """How much of the list was read, 0 to 100."""
        if not self.is_loading:
            return 100
        return min(99, int(self.seen * 100 / self.expected)) if self.expected else 0

    @property
    def is_whole(self) -> bool:
        """Whether what is here is what the ERP says it made, in number and in money."""
        return self.loaded == self.expected and self.loaded_amount == self.expected_amount


class TokenBatch(Record):
    """One message of the print company, and what came of it: its receipt. Holds no token."""

    message_id = models.UUIDField(unique=True)
    month = models.DateField(_("month"))
    count = models.PositiveIntegerField(_("lines"))
    taken = models.PositiveIntegerField(_("taken"))
    known = models.PositiveIntegerField(_("known already"))
    rejected = models.PositiveIntegerField(_("rejected"))
    # the lines that were rejected, as the print company was told
    answer: Any = models.JSONField(default=list)
    take_seconds = models.FloatField(default=0)
    mails = models.PositiveIntegerField(_("mails"), default=0)
    without_address = models.PositiveIntegerField(_("without an address"), default=0)

    class Meta:
        verbose_name = _("batch of tokens")
        verbose_name_plural = _("batches of tokens")
        default_permissions = ()
        indexes = [models.Index(fields=["month", "-id"], name="token_batch_month")]

    def __str__(self) -> str:
        return str(self.message_id)

    # Mutators

    def note_result(self, *, taken: int, rejects: list[tuple[str, str]], seconds: float) -> None:
        """Write down what came of the lines, once; the rest of them was known already."""
        self.taken, self.rejected = taken, len(rejects)
        self.known = max(0, self.count - self.taken - self.rejected)
        self.answer = [list(one) for one in rejects]
        self.take_seconds = seconds
        self.save()

    def note_letters(self, *, mails: int, without_address: int) -> None:
        """Count the mails that were written, and the customers who gave no address."""
        self.mails += mails
        self.without_address += without_address
        self.save(update_fields=["mails", "without_address", "updated_at"])


class InvoiceReject(Record):
    """
    A line that was not taken, with the reason. Its token rests sealed, and can be taken later.

    The same line again is the same reject, counted.
    """

    month = models.DateField(_("month"))
    number = models.CharField(_("invoice"), max_length=20)
    reason = models.CharField(_("reason"), max_length=15, choices=InvoiceRejectReason.choices)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    sealed = models.BinaryField(default=b"")
    digest = models.BinaryField(default=b"")
    is_replacement = models.BooleanField(default=False)
    batch_id = models.BigIntegerField(null=True)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=InvoiceRejectStatus.choices,
        default=InvoiceRejectStatus.OPEN,
    )
    tries = models.PositiveIntegerField(default=1)
    last_tried_at = models.DateTimeField(_("last tried at"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("rejected invoice line")
        verbose_name_plural = _("rejected invoice lines")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["month", "number", "digest"], name="invoice_reject_once"
            ),
        ]
        indexes = [
            # billing_sync.queries.invoices.open_rejects_of
            models.Index(
                fields=["month", "id"],
                name="invoice_reject_open",
                condition=Q(status=InvoiceRejectStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.reason}"

    def mark_set_aside(self, note: str) -> None:
        """A person says that it needs nothing more."""
        self.status, self.note = InvoiceRejectStatus.SET_ASIDE, note
        self.save(update_fields=["status", "note", "updated_at"])
