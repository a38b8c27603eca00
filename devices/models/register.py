"""Register: one counter of a meter."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from devices.choices import RateType, Unit
from devices.models.device import Device
from devices.models.device_info_record import DeviceInfoRecord
from utilcrm.db.models import Record

if TYPE_CHECKING:
    from devices.models.meter_reading import MeterReading


class RegisterQuerySet(CustomerQuerySet):
    """Registers of the meters that a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Keep the registers of info records and devices that the user may see."""
        return self.filter(
            Q(device_info_record__in=DeviceInfoRecord.objects.visible_to(user))
            | Q(device__in=Device.objects.visible_to(user))
        )


class Register(Record):
    """
    A counter with so many digits, which rolls over to zero at 10 to the power of `digits`.

    `factor` turns the counted difference into the unit (current transformers, gas volume). It is
    part of a device info record, or of a device; the logical register that goes on when a device
    is replaced is named by the logical number of the place and the register's code.
    """

    device_info_record = models.ForeignKey(
        DeviceInfoRecord,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="registers",
        verbose_name=_("device info record"),
    )
    device = models.ForeignKey(
        Device,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="registers",
        verbose_name=_("device"),
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
            models.UniqueConstraint(
                fields=["device", "code"], name="devices_register_once_a_device"
            ),
            models.CheckConstraint(
                condition=Q(device_info_record__isnull=True, device__isnull=False)
                | Q(device_info_record__isnull=False, device__isnull=True),
                name="devices_register_of_one_meter",
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
    def meter(self) -> DeviceInfoRecord | Device:
        """The info record or the device whose counter this is."""
        return self.device_info_record or self.device  # type: ignore[return-value]

    def counted(self, before: Decimal, after: Decimal) -> Decimal:
        """Return what lies between two counts; the second is lower if it began anew from zero."""
        difference = after - before
        return difference if difference >= 0 else difference + self.rollover

    @property
    def last_accepted(self) -> MeterReading | None:
        """The newest reading that was not rejected; of the prefetched ones where there are."""
        accepted = (one for one in self.readings.all() if not one.is_rejected)
        return max(accepted, key=lambda one: (one.read_on, one.pk), default=None)

    @property
    def rejected_since(self) -> MeterReading | None:
        """The newest reading if it was rejected."""
        newest = max(self.readings.all(), key=lambda one: (one.read_on, one.pk), default=None)
        return newest if newest is not None and newest.is_rejected else None

    @property
    def rollover(self) -> Decimal:
        """The count at which the register starts again from zero."""
        return Decimal(10) ** self.digits
