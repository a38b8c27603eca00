"""What a device change must fulfil before the ERP is asked (A-05); the ERP checks again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from devices.choices import DeviceOrderKind, ReadingStatus
from devices.models import Device, DeviceInstallation, MeterReading, Register
from devices.services.recording import InvalidMeter, check_reading
from premises.models import PointOfDelivery
from utilcrm import clock

BEGINS = frozenset(
    {DeviceOrderKind.INSTALL, DeviceOrderKind.INSTALL_TECHNICALLY, DeviceOrderKind.REPLACE}
)
ENDS = frozenset({DeviceOrderKind.REMOVE, DeviceOrderKind.REPLACE})
BILLS = frozenset(
    {DeviceOrderKind.INSTALL, DeviceOrderKind.INSTALL_FOR_BILLING, DeviceOrderKind.REPLACE}
)


class OrderRefused(ValueError):
    """A device change cannot be: `code` as the ERP's, `field` names the field of the form."""

    def __init__(self, reason: str, *, code: str, field: str) -> None:
        super().__init__(reason)
        self.code = code
        self.field = field


@dataclass(frozen=True)
class OrderedReading:
    """What a register shows on the day of the change."""

    value: Decimal
    is_rollover: bool = False


@dataclass(frozen=True)
class Change:
    """A device change as somebody wants it; readings by the register's key."""

    kind: str
    pod: PointOfDelivery
    effective_on: dt.date
    removed: Device | None = None
    installed: Device | None = None
    readings: Mapping[int, OrderedReading] = field(default_factory=dict)


def check_change(change: Change) -> None:
    """
    Refuse what cannot be: the caller holds the lock on the point of delivery.

    :raises OrderRefused: with the first reason
    """
    if change.effective_on > clock.today():
        raise OrderRefused(
            _("The day has not come yet. A device change is entered when it was made."),
            code="ORDER_IN_FUTURE",
            field="effective_on",
        )
    _check_named(change)
    _check_later_changes(change)
    if change.kind in ENDS and change.removed is not None:
        _check_hangs(change, change.removed)
        _check_readings(change, change.removed, is_last=True, is_needed=True)
    if change.installed is None:
        return
    if change.kind in BEGINS:
        _check_free(change, change.installed)
    else:
        _check_billable(change, change.installed)
    _check_readings(change, change.installed, is_last=False, is_needed=change.kind in BILLS)


def _check_named(change: Change) -> None:
    if change.kind in ENDS and change.removed is None:
        raise OrderRefused(_("Choose the device."), code="DEVICE_MISSING", field="removed")
    if change.kind != DeviceOrderKind.REMOVE and change.installed is None:
        raise OrderRefused(_("Choose the device."), code="DEVICE_MISSING", field="installed")


def _check_later_changes(change: Change) -> None:
    """Devices at a place are changed in order of time; the latest change may only be followed."""
    days = [
        day
        for one in DeviceInstallation.objects.filter(pod=change.pod)
        for day in (one.technical_from, one.technical_to)
        if day is not None and day > change.effective_on
    ]
    if days:
        raise OrderRefused(
            _("%(day)s lies before the device change of %(later)s.")
            % {"day": _date(change.effective_on), "later": _date(max(days))},
            code="LATER_DEVICE_CHANGE",
            field="effective_on",
        )


def _check_hangs(change: Change, device: Device) -> None:
    place = _standing(change.pod, device)
    if place is None:
        raise OrderRefused(
            _("Meter %(number)s does not hang here.") % {"number": device.serial_number},
            code="DEVICE_NOT_INSTALLED",
            field="removed",
        )
    if place.technical_from >= change.effective_on:
        raise OrderRefused(
            _("Meter %(number)s hangs here since %(day)s only.")
            % {"number": device.serial_number, "day": _date(place.technical_from)},
            code="LATER_DEVICE_CHANGE",
            field="effective_on",
        )


def _check_free(change: Change, device: Device) -> None:
    day = change.effective_on
    elsewhere = next(
        (
            one
            for one in device.installations.select_related("pod")
            if one.technical_to is None or one.technical_to > day
        ),
        None,
    )
    if elsewhere is not None:
        raise OrderRefused(
            _("Meter %(number)s hangs at %(pod)s.")
            % {"number": device.serial_number, "pod": elsewhere.pod.external_id},
            code="DEVICE_ELSEWHERE",
            field="installed",
        )
    if device.division != change.pod.division:
        raise OrderRefused(
            _("Meter %(number)s is one for %(division)s.")
            % {"number": device.serial_number, "division": device.get_division_display()},
            code="DIVISION_MISMATCH",
            field="installed",
        )
    if not device.is_certified_on(day):
        raise OrderRefused(
            _("The certificate of meter %(number)s has run out on %(day)s.")
            % {"number": device.serial_number, "day": _date(device.certified_until or day)},
            code="CERTIFICATE_EXPIRED",
            field="installed",
        )


def _check_billable(change: Change, device: Device) -> None:
    place = _standing(change.pod, device)
    if place is None or place.technical_from > change.effective_on:
        raise OrderRefused(
            _("Meter %(number)s is not installed technically on %(day)s: that comes first.")
            % {"number": device.serial_number, "day": _date(change.effective_on)},
            code="NOT_INSTALLED_TECHNICALLY",
            field="effective_on",
        )
    if place.billing_from is not None:
        raise OrderRefused(
            _("Meter %(number)s is billed since %(day)s.")
            % {"number": device.serial_number, "day": _date(place.billing_from)},
            code="BILLED_ALREADY",
            field="installed",
        )


def _check_readings(change: Change, device: Device, *, is_last: bool, is_needed: bool) -> None:
    for register in device.registers.order_by("code"):
        given = change.readings.get(register.pk)
        if given is None:
            if is_needed:
                raise OrderRefused(
                    _("The reading of register %(code)s of meter %(number)s is missing.")
                    % {"code": register.code, "number": device.serial_number},
                    code="READING_MISSING",
                    field=field_of(register),
                )
            continue
        try:
            check_reading(given.value, digits=register.digits, decimals=register.decimals)
        except InvalidMeter as exc:
            raise OrderRefused(str(exc), code="READING_TOO_LONG", field=field_of(register)) from exc
        if is_last:
            _check_last(register, given, change.effective_on)


def _check_last(register: Register, given: OrderedReading, day: dt.date) -> None:
    """The last count is the highest, unless the counter has started again from zero."""
    readings = readings_of(register)
    if not readings:
        return
    last = readings[-1]
    if last.read_on > day:
        raise OrderRefused(
            _("Register %(code)s was read on %(day)s, later than the change.")
            % {"code": register.code, "day": _date(last.read_on)},
            code="READ_LATER",
            field="effective_on",
        )
    if given.value < last.value and not given.is_rollover:
        raise OrderRefused(
            _("%(value)s is lower than the last reading, %(last)s on %(day)s.")
            % {
                "value": f"{given.value.normalize():f}",
                "last": f"{last.value.normalize():f}",
                "day": _date(last.read_on),
            },
            code="VALUE_BELOW_LAST",
            field=field_of(register),
        )


def readings_of(register: Register) -> Sequence[MeterReading]:
    """Return the readings that count, the oldest first."""
    return list(register.readings.exclude(status=ReadingStatus.REJECTED).order_by("read_on", "id"))


def field_of(register: Register) -> str:
    """Return the name of the form field of a register's reading."""
    return f"reading_{register.pk}"


def _standing(pod: PointOfDelivery, device: Device) -> DeviceInstallation | None:
    return device.installations.filter(pod=pod, technical_to__isnull=True).first()


def _date(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")
