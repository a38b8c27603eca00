"""MeterReading: what a register showed on a day."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from devices.choices import ReadingReason, ReadingSource, ReadingStatus
from devices.models.register import Register
from utilcrm.db.models import Record


class MeterReadingQuerySet(CustomerQuerySet):
    """Readings of the meters that a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Keep the readings of registers that the user may see."""
        return self.filter(register__in=Register.objects.visible_to(user))


class MeterReading(Record):
    """A register's count on a local day, in the register's unit before its factor."""

    register = models.ForeignKey(
        Register, on_delete=models.CASCADE, related_name="readings", verbose_name=_("register")
    )
    read_on = models.DateField(_("read on"))
    value = models.DecimalField(_("reading"), max_digits=18, decimal_places=6)
    reason = models.CharField(_("reason"), max_length=13, choices=ReadingReason.choices)
    source = models.CharField(_("source"), max_length=11, choices=ReadingSource.choices)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=ReadingStatus.choices,
        default=ReadingStatus.PLAUSIBLE,
    )

    objects: ClassVar[models.Manager[MeterReading]] = MeterReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meter reading")
        verbose_name_plural = _("meter readings")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["register", "read_on", "reason"], name="devices_meterreading_once"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="devices_meterreading_value"),
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.read_on})"

    @property
    def is_rejected(self) -> bool:
        """Whether it counts no more."""
        return self.status == ReadingStatus.REJECTED
