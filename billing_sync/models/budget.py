"""Plans of instalments: what the ERP says of them, and what we asked it to change."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import WISH_TRANSITIONS, WishStatus
from billing_sync.models.copies import CopyQuerySet
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class BudgetPlan(Record):
    """
    The monthly instalment of a business agreement, and what it may be, as the ERP last told.

    Amounts are gross. Empty `amount`: no instalments are paid yet. Nothing here is calculated.
    """

    agreement = models.OneToOneField(
        "accounts.BusinessAgreement", on_delete=models.CASCADE, related_name="budget_plan"
    )
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(
        _("instalment"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    proposed = models.DecimalField(_("proposal"), max_digits=14, decimal_places=4)
    least = models.DecimalField(_("at least"), max_digits=14, decimal_places=4)
    most = models.DecimalField(_("at most"), max_digits=14, decimal_places=4)
    step = models.DecimalField(_("step"), max_digits=14, decimal_places=4)
    annual_kwh = models.PositiveIntegerField(_("expected consumption per year"))
    next_due_on = models.DateField(_("first instalment that can be changed"))
    as_of = models.DateTimeField(_("as of"))

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget billing plan")
        verbose_name_plural = _("budget billing plans")
        default_permissions = ("view",)
        permissions = [("change_instalments", "Can change budget billing plans")]
        constraints = [
            models.CheckConstraint(
                name="billing_sync_budget_range",
                condition=Q(least__lte=F("most")) & Q(step__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.amount} {self.currency}"


class BudgetPlanChange(Record):
    """An instalment that was asked for, on its way to the ERP. `failure_*` is its refusal."""

    agreement = models.ForeignKey(
        "accounts.BusinessAgreement", on_delete=models.CASCADE, related_name="budget_changes"
    )
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(_("instalment"), max_digits=14, decimal_places=4)
    former = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    valid_from = models.DateField(_("from"))
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=WishStatus.choices,
        default=WishStatus.QUEUED,
        editable=False,
    )
    failure_code = models.CharField(max_length=60, blank=True)
    failure_text = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a budget billing plan")
        verbose_name_plural = _("changes of budget billing plans")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="billing_sync_budget_refused_says_why",
                condition=~Q(status=WishStatus.REFUSED) | ~Q(failure_text=""),
            ),
            # Who asks again takes back what was refused; what is on its way is waited for.
            models.UniqueConstraint(
                name="billing_sync_budget_one_at_a_time",
                fields=["agreement"],
                condition=Q(status__in=[WishStatus.QUEUED, WishStatus.SENT, WishStatus.REFUSED]),
            ),
        ]
        indexes = [models.Index(fields=["agreement", "-id"], name="billing_sync_budget_of")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} ({self.valid_from})"

    # Mutators

    def mark_sent(self) -> None:
        """Note that the ERP has the message."""
        self._move_to(WishStatus.SENT)

    def mark_confirmed(self, *, at: dt.datetime) -> None:
        """Note that the ERP has changed the plan."""
        self.closed_at = at
        self._move_to(WishStatus.CONFIRMED, "closed_at")

    def mark_refused(self, *, code: str, text: str) -> None:
        """Note what the ERP does not like."""
        self.failure_code = code[:60]
        self.failure_text = text or code or str(_("The ERP gave no reason."))
        self._move_to(WishStatus.REFUSED, "failure_code", "failure_text")

    def mark_replaced(self, *, at: dt.datetime) -> None:
        """Give a refused change up for another one."""
        self.closed_at = at
        self._move_to(WishStatus.REPLACED, "closed_at")

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(WISH_TRANSITIONS, self.status, status)
        self.status = status
        self.save(update_fields=["status", "updated_at", *fields])

    # Properties

    @property
    def is_under_way(self) -> bool:
        """Whether the ERP's answer is awaited."""
        return self.status in {WishStatus.QUEUED, WishStatus.SENT}

    @property
    def is_refused(self) -> bool:
        """Whether the ERP has refused it."""
        return self.status == WishStatus.REFUSED
