"""What the ERP says about money: read-only copies, each with the time it was said."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from billing_sync.choices import BillStatus
from utilcrm.db.models import Record

STALE_AFTER = dt.timedelta(minutes=15)
"""A figure older than this is shown as old."""


class CopyQuerySet(CustomerQuerySet):
    """Copies for the business agreements that a person may see."""

    segment_path = "agreement__account__segment"


class Standing(Record):
    """
    Balance, dunning and credit of one business agreement as the ERP last told.

    A positive balance is what the customer owes. Nothing here is calculated.
    """

    agreement = models.OneToOneField(
        "accounts.BusinessAgreement", on_delete=models.CASCADE, related_name="standing"
    )
    currency = models.CharField(max_length=3)
    balance = models.DecimalField(_("balance"), max_digits=14, decimal_places=4)
    overdue = models.DecimalField(_("overdue"), max_digits=14, decimal_places=4)
    credit_score = models.PositiveSmallIntegerField(_("credit score"))
    dunning_procedure = models.CharField(_("dunning procedure"), max_length=40, blank=True)
    dunning_level = models.PositiveSmallIntegerField(_("dunning level"))
    as_of = models.DateTimeField(_("as of"))

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.balance} {self.currency}"


class Bill(Record):
    """
    A bill of the ERP; its amounts and its state are the ERP's.

    `lines` is what it consists of (`billing_sync.queries.bill_lines`); null while the ERP was not
    asked. `period_to` is the first day that it does not cover.
    """

    agreement = models.ForeignKey(
        "accounts.BusinessAgreement",
        on_delete=models.CASCADE,
        related_name="bills",
        # the unique constraint begins with it
        db_index=False,
    )
    number = models.CharField(_("bill"), max_length=12)
    issued_on = models.DateField(_("date"))
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    due_on = models.DateField(_("due"))
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=4)
    remaining = models.DecimalField(_("open amount"), max_digits=14, decimal_places=4)
    status = models.CharField(_("status"), max_length=7, choices=BillStatus.choices)
    lines = models.JSONField(_("lines"), null=True, blank=True)
    as_of = models.DateTimeField(_("as of"))

    # the month of the invoicing run it came in, where a query has looked for that
    invoice_month: dt.date | None = None

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="bill_number"),
        ]

    def __str__(self) -> str:
        return self.number

    # Mutators

    def keep_lines(self, lines: list[dict[str, str]]) -> None:
        """Keep what the ERP says it consists of."""
        self.lines = lines
        self.save(update_fields=["lines", "updated_at"])

    # Properties

    @property
    def last_day(self) -> dt.date:
        """The last day that it covers."""
        return self.period_to - dt.timedelta(days=1)


class OpenItem(Record):
    """An amount of the ERP's receivables that is not settled."""

    agreement = models.ForeignKey(
        "accounts.BusinessAgreement",
        on_delete=models.CASCADE,
        related_name="open_items",
        # the unique constraint begins with it
        db_index=False,
    )
    document = models.CharField(_("document"), max_length=12)
    bill_number = models.CharField(_("bill"), max_length=12, blank=True)
    description = models.CharField(_("description"), max_length=160)
    posted_on = models.DateField(_("posted"))
    due_on = models.DateField(_("due"))
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    dunning_level = models.PositiveSmallIntegerField(_("dunning level"))
    as_of = models.DateTimeField(_("as of"))

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["agreement", "document"], name="open_item_document"),
        ]

    def __str__(self) -> str:
        return self.description


class DunningNotice(Record):
    """A reminder that the ERP sent."""

    agreement = models.ForeignKey(
        "accounts.BusinessAgreement",
        on_delete=models.CASCADE,
        related_name="dunning_notices",
        # the unique constraint begins with it
        db_index=False,
    )
    level = models.PositiveSmallIntegerField(_("level"))
    issued_on = models.DateField(_("date"))
    due_on = models.DateField(_("due"))
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    note = models.TextField(_("note"), blank=True)
    as_of = models.DateTimeField(_("as of"))

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("dunning notice")
        verbose_name_plural = _("dunning notices")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "issued_on", "level"], name="dunning_notice_once"
            ),
        ]
        # billing_sync.queries.deadlines: the board, the most urgent first
        indexes = [models.Index(fields=["due_on", "id"], name="billing_sync_dunning_due")]

    def __str__(self) -> str:
        return f"{self.level} {self.issued_on}"
