"""Register: one counter of a meter."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from devices.choices import RateType, Unit
from devices.models.device_info_record import DeviceInfoRecord
from utilcrm.db.models import Record


class RegisterQuerySet(CustomerQuerySet):
    """Registers at the premises that a person may see."""

    segment_path = "device_info_record__pod__premise__segment"
    vacant_is_visible = True


class Register(Record):
    """
    A counter with so many digits, which rolls over to zero at 10 to the power of `digits`.

    `factor` turns the counted difference into the unit (current transformers, gas volume).
    """

    device_info_record = models.ForeignKey(
        DeviceInfoRecord,
        on_delete=models.CASCADE,
        related_name="registers",
        verbose_name=_("device info record"),
    )
    code = models.CharField(_("register"), max_length=3)
    rate_type = models.CharField(_("counts"), max_length=7, choices=RateType.choices)
    unit = models.CharField(_("unit"), max_length=3, choices=Unit.choices)
    digits = models.PositiveSmallIntegerField(_("digits"), default=5)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    factor = models.DecimalField(
        _("factor"), max_digits=12, decimal_places=6, default=Decimal("1.000000")
    )

    objects: ClassVar[models.Manager[Register]] = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["device_info_record", "code"], name="devices_register_once"
            ),
            models.CheckConstraint(
                condition=Q(digits__gte=1, digits__lte=12, decimals__lte=6),
                name="devices_register_shape",
            ),
            models.CheckConstraint(condition=Q(factor__gt=0), name="devices_register_factor"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_rate_type_display()}"

    @property
    def rollover(self) -> Decimal:
        """The count at which the register starts again from zero."""
        return Decimal(10) ** self.digits
