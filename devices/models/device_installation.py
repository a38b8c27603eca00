"""DeviceInstallation: where a device hangs, and since when."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from premises.models import PointOfDelivery
from utilcrm.db.models import Record
from utilcrm.db.ranges import DateRange


class DeviceInstallationQuerySet(CustomerQuerySet):
    """Device installations at the premises that a person may see."""

    segment_path = "pod__premise__segment"
    vacant_is_visible = True


class DeviceInstallation(Record):
    """
    A device at a point of delivery, from a local day up to, not including, another.

    Technically it hangs there from `technical_from`; what it counts is billed from `billing_from`,
    in every installation of the point of delivery. A new device takes over the `logical_number` of
    the one it replaces: the consumption of a logical number has no gap.
    """

    device = models.ForeignKey(
        "devices.Device",
        on_delete=models.PROTECT,
        related_name="installations",
        verbose_name=_("device"),
    )
    pod = models.ForeignKey(
        PointOfDelivery,
        on_delete=models.PROTECT,
        related_name="device_installations",
        verbose_name=_("point of delivery"),
    )
    logical_number = models.CharField(_("logical device number"), max_length=18)
    technical_from = models.DateField(_("installed on"))
    technical_to = models.DateField(_("removed on"), null=True, blank=True)
    billing_from = models.DateField(_("billed from"), null=True, blank=True)
    billing_to = models.DateField(_("billed to"), null=True, blank=True)

    objects: ClassVar[models.Manager[DeviceInstallation]] = DeviceInstallationQuerySet.as_manager()

    class Meta:
        verbose_name = _("device installation")
        verbose_name_plural = _("device installations")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(technical_to__isnull=True) | Q(technical_to__gt=F("technical_from")),
                name="devices_installed_range",
            ),
            models.CheckConstraint(
                condition=Q(billing_from__isnull=True) | Q(billing_from__gte=F("technical_from")),
                name="devices_billed_behind_installed",
            ),
            models.CheckConstraint(
                condition=Q(billing_to__isnull=True)
                | Q(billing_from__isnull=False, billing_to__gt=F("billing_from")),
                name="devices_billed_range",
            ),
            models.CheckConstraint(
                condition=Q(billing_from__isnull=True)
                | Q(technical_to__isnull=True)
                | Q(billing_to__isnull=False, billing_to__lte=F("technical_to")),
                name="devices_billed_within_installed",
            ),
            ExclusionConstraint(
                name="devices_device_at_one_place",
                expressions=[
                    ("device", RangeOperators.EQUAL),
                    (
                        DateRange("technical_from", "technical_to", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            ExclusionConstraint(
                name="devices_one_device_a_logical_number",
                expressions=[
                    ("pod", RangeOperators.EQUAL),
                    ("logical_number", RangeOperators.EQUAL),
                    (
                        DateRange("technical_from", "technical_to", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.technical_from}"

    @property
    def is_standing(self) -> bool:
        """Whether the device was not removed, as far as is known."""
        return self.technical_to is None

    def covers(self, day: dt.date) -> bool:
        """Tell whether the device hangs there on a day."""
        return self.technical_from <= day and (self.technical_to is None or day < self.technical_to)

    def start_billing(self, day: dt.date) -> None:
        """Bill what the device counts from a day on."""
        self.billing_from = day
        self.save(update_fields=["billing_from", "updated_at"])

    def end(self, day: dt.date) -> None:
        """Take the device away on a day; billing ends with it."""
        self.technical_to = day
        if self.billing_from is not None and self.billing_from < day:
            self.billing_to = day
        else:
            self.billing_from = None
        self.save(update_fields=["technical_to", "billing_from", "billing_to", "updated_at"])
