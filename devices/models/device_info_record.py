"""DeviceInfoRecord: the billing facts of a meter that somebody else owns."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from devices.choices import Rate, RecordSource
from premises.models import PointOfDelivery
from utilcrm.db.models import Record
from utilcrm.db.ranges import DateRange


class DeviceInfoRecordQuerySet(CustomerQuerySet):
    """Device info records at the premises that a person may see."""

    segment_path = "pod__premise__segment"
    vacant_is_visible = True


class DeviceInfoRecord(Record):
    """
    What billing needs to know of a meter without installing it: number, rate, registers.

    It stands at the point of delivery from `valid_from` up to, not including, `valid_to`.
    """

    pod = models.ForeignKey(
        PointOfDelivery,
        on_delete=models.PROTECT,
        related_name="device_info_records",
        verbose_name=_("point of delivery"),
    )
    serial_number = models.CharField(_("meter number"), max_length=18)
    rate = models.CharField(_("rate"), max_length=6, choices=Rate.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    erp_number = models.CharField(_("ERP number"), max_length=18, blank=True, default="")
    source = models.CharField(max_length=3, choices=RecordSource.choices, default=RecordSource.CRM)

    objects: ClassVar[models.Manager[DeviceInfoRecord]] = DeviceInfoRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("device info record")
        verbose_name_plural = _("device info records")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["erp_number"],
                condition=~Q(erp_number=""),
                name="devices_dir_erp_number_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="devices_dir_valid_range",
            ),
            # A point of delivery may carry several meters, but not the same one twice at a time.
            ExclusionConstraint(
                name="devices_dir_once_at_a_time",
                expressions=[
                    ("pod", RangeOperators.EQUAL),
                    ("serial_number", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_to", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            # The meter number that a caller reads out.
            models.Index(fields=["serial_number"], name="devices_dir_serial_number"),
        ]

    def __str__(self) -> str:
        return self.serial_number

    def mark_replicated(self, erp_number: str) -> None:
        """Store the number under which the ERP keeps the record."""
        self.erp_number = erp_number
        self.save(update_fields=["erp_number", "updated_at"])

    @property
    def is_replicated(self) -> bool:
        """Whether the ERP has made the record and given it a number."""
        return self.erp_number != ""
