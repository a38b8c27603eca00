"""DeviceOrder: a device change that the ERP is asked to carry out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet, customer_queryset
from devices.choices import (
    DEVICE_ORDER_TRANSITIONS,
    UNDER_WAY,
    DeviceOrderKind,
    DeviceOrderStatus,
)
from devices.models.device import Device
from devices.models.register import Register
from premises.models import PointOfDelivery
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class DeviceOrderQuerySet(CustomerQuerySet):
    """Orders for the premises that a person may see."""

    segment_path = "pod__premise__segment"
    vacant_is_visible = True


class DeviceOrder(Record, Versioned):
    """
    An installation, removal or replacement, entered here and done in the ERP.

    `typed` is the form as it was typed last, so that a colleague goes on where somebody stopped.
    `effective_on` is the local day of the change. `failure_*` is the ERP's refusal.
    """

    number = models.CharField(_("number"), max_length=10, unique=True)
    kind = models.CharField(_("device change"), max_length=20, choices=DeviceOrderKind.choices)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=DeviceOrderStatus.choices,
        default=DeviceOrderStatus.DRAFT,
        editable=False,
    )
    pod = models.ForeignKey(
        PointOfDelivery,
        on_delete=models.PROTECT,
        related_name="device_orders",
        verbose_name=_("point of delivery"),
    )
    removed_device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="orders_removing"
    )
    installed_device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="orders_installing"
    )
    effective_on = models.DateField(_("day of the change"), null=True, blank=True)
    typed = models.JSONField(default=dict, blank=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    erp_number = models.CharField(_("ERP number"), max_length=12, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_field = models.CharField(max_length=80, blank=True)
    failure_text = models.TextField(blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects: ClassVar[models.Manager[DeviceOrder]] = DeviceOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("device order")
        verbose_name_plural = _("device orders")
        default_permissions = ("view",)
        permissions = [("order_device", "Can have devices installed, removed and replaced")]
        constraints = [
            models.CheckConstraint(
                name="devices_order_rejected_says_why",
                condition=~Q(status=DeviceOrderStatus.REJECTED) | ~Q(failure_text=""),
            ),
            models.CheckConstraint(
                name="devices_order_released_is_whole",
                condition=Q(status__in=[DeviceOrderStatus.DRAFT, DeviceOrderStatus.CANCELLED])
                | Q(effective_on__isnull=False, released_at__isnull=False),
            ),
            # The second would rest on what the first has not done yet.
            models.UniqueConstraint(
                name="devices_order_one_under_way",
                fields=["pod"],
                condition=Q(status__in=UNDER_WAY),
            ),
        ]
        indexes = [
            models.Index(fields=["pod", "-id"], name="devices_order_pod"),
            models.Index(fields=["status", "-id"], name="devices_order_status"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_editable(self) -> bool:
        """Whether it may still be changed: a draft, or one that the ERP has refused."""
        return self.status in {DeviceOrderStatus.DRAFT, DeviceOrderStatus.REJECTED}

    @property
    def is_under_way(self) -> bool:
        """Whether the ERP's answer is awaited."""
        return self.status in UNDER_WAY

    def keep_typed(self, typed: Mapping[str, Any], *, by: Any) -> None:
        """Keep what is in the form now, right or wrong."""
        self.typed, self.last_by = dict(typed), by
        self.version += 1
        self.save(update_fields=["typed", "last_by", "version", "updated_at"])

    def settle(
        self,
        *,
        effective_on: dt.date,
        removed_device: Device | None,
        installed_device: Device | None,
    ) -> None:
        """Write down what is ordered, in the caller's transaction; `mark_queued` follows."""
        self.effective_on = effective_on
        self.removed_device = removed_device
        self.installed_device = installed_device

    def mark_queued(self, *, at: dt.datetime) -> None:
        """Hand it to the outbox; an earlier refusal is over."""
        self.released_at = at
        self.failure_code = self.failure_field = self.failure_text = ""
        self._become(
            DeviceOrderStatus.QUEUED,
            "effective_on",
            "removed_device",
            "installed_device",
            "released_at",
            "failure_code",
            "failure_field",
            "failure_text",
        )

    def mark_sent(self) -> None:
        """Note that the ERP has the order; its answer may have come first."""
        if self.status == DeviceOrderStatus.QUEUED:
            self._become(DeviceOrderStatus.SENT)

    def mark_confirmed(self, *, erp_number: str, at: dt.datetime) -> None:
        """Note that the ERP has carried it out."""
        self.erp_number, self.closed_at = erp_number, at
        self._become(DeviceOrderStatus.CONFIRMED, "erp_number", "closed_at")

    def mark_rejected(self, *, code: str, field: str, text: str) -> None:
        """Note why the ERP refuses."""
        self.failure_code, self.failure_field, self.failure_text = code[:60], field[:80], text
        self._become(DeviceOrderStatus.REJECTED, "failure_code", "failure_field", "failure_text")

    def mark_cancelled(self, *, at: dt.datetime) -> None:
        """Give it up before the ERP has it, or after the ERP has refused it."""
        self.closed_at = at
        self._become(DeviceOrderStatus.CANCELLED, "closed_at")

    def _become(self, status: DeviceOrderStatus, *fields: str) -> None:
        check_transition(DEVICE_ORDER_TRANSITIONS, self.status, status)
        self.status = status
        self.version += 1
        self.save(update_fields=[*fields, "status", "version", "updated_at"])


class DeviceOrderReading(Record):
    """What a register shows on the day of the change: its last count, or its first."""

    order = models.ForeignKey(DeviceOrder, on_delete=models.CASCADE, related_name="readings")
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="ordered_readings"
    )
    value = models.DecimalField(_("reading"), max_digits=18, decimal_places=6)
    is_rollover = models.BooleanField(_("has started again from zero"), default=False)

    objects: ClassVar[models.Manager[DeviceOrderReading]] = customer_queryset(
        "order__pod__premise__segment", vacant=True
    ).as_manager()

    class Meta:
        verbose_name = _("ordered reading")
        verbose_name_plural = _("ordered readings")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["order", "register"], name="devices_orderreading_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="devices_orderreading_value"),
        ]

    def __str__(self) -> str:
        return f"{self.register_id}: {self.value}"
