"""Money for a breach of ours: proposed by the clock or a person, decided by somebody in charge."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from service.choices import Compensation

COMPENSATION_CONSTRAINTS = [
    models.CheckConstraint(
        name="service_case_compensation_is_money",
        condition=Q(compensation="")
        | (Q(compensation_amount__isnull=False) & ~Q(compensation_reason="")),
    )
]


class Compensable(models.Model):
    """Adds a compensation, in the tenant's currency, with the reason why it is owed or not."""

    compensation = models.CharField(
        _("compensation"), max_length=8, choices=Compensation.choices, blank=True
    )
    compensation_amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    compensation_reason = models.CharField(_("why"), max_length=255, blank=True)

    save_changes: Callable[..., None]

    class Meta:
        abstract = True

    # Mutators

    def propose_compensation(self, *, amount: Decimal, reason: str) -> None:
        """Propose money for a breach of ours."""
        self._write(Compensation.PROPOSED, amount, reason)

    def decide_compensation(self, *, is_granted: bool, amount: Decimal, reason: str) -> None:
        """Note whether the customer gets it."""
        status = Compensation.GRANTED if is_granted else Compensation.DECLINED
        self._write(status, amount, reason)

    def _write(self, status: Compensation, amount: Decimal, reason: str) -> None:
        self.compensation, self.compensation_amount = status, amount
        self.compensation_reason = reason[:255]
        self.save_changes("compensation", "compensation_amount", "compensation_reason")

    # Properties

    @property
    def compensation_is_proposed(self) -> bool:
        """Whether somebody has to decide."""
        return self.compensation == Compensation.PROPOSED
