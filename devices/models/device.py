"""Device: a meter that the house owns, certified and with a history of its own."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from devices.choices import Rate
from devices.models.device_installation import DeviceInstallation
from premises.choices import Division
from utilcrm.db.models import Record


class DeviceQuerySet(CustomerQuerySet):
    """Devices in stock, and at the premises that a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Keep the devices that hang, or hung, where the user may look, or nowhere yet."""
        places = DeviceInstallation.objects.filter(device=OuterRef("pk"))
        seen = DeviceInstallation.objects.visible_to(user).filter(device=OuterRef("pk"))
        return self.filter(Exists(seen) | ~Exists(places))

    def in_stock(self) -> Self:
        """Keep the devices that hang nowhere now, nor from a later day on."""
        hanging = DeviceInstallation.objects.filter(
            device=OuterRef("pk"), technical_to__isnull=True
        )
        return self.filter(~Exists(hanging))


class Device(Record):
    """
    A serialised meter as the ERP keeps it; `certified_until` is the last day of its certificate.

    Where it hangs, and since when, is told by its device installations.
    """

    erp_number = models.CharField(_("ERP number"), max_length=18, unique=True)
    serial_number = models.CharField(_("meter number"), max_length=18)
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    rate = models.CharField(_("rate"), max_length=6, choices=Rate.choices)
    material = models.CharField(_("material"), max_length=40, blank=True)
    manufacturer = models.CharField(_("manufacturer"), max_length=40, blank=True)
    certified_until = models.DateField(_("certified until"), null=True, blank=True)

    objects: ClassVar[models.Manager[Device]] = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=~Q(erp_number=""), name="devices_device_erp_number"),
        ]
        indexes = [
            # The meter number that a caller reads out, or a fitter looks for.
            models.Index(fields=["serial_number"], name="devices_device_serial_number"),
        ]

    def __str__(self) -> str:
        return self.serial_number

    def is_certified_on(self, day: dt.date) -> bool:
        """Tell whether it may measure for billing on a day; without a date it always may."""
        return self.certified_until is None or day <= self.certified_until
