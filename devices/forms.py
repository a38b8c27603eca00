"""The form of a device change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from devices.choices import DeviceOrderKind
from devices.models import Device, DeviceOrder, Register
from devices.queries import devices_at
from devices.services.ordering.rules import BEGINS, BILLS, ENDS, Change, OrderedReading, field_of
from utilcrm import clock
from utilcrm.web.forms import DateInput, Form

MOST_OFFERED = 30


@dataclass(frozen=True)
class RegisterFields:
    """The fields of one register, for the template."""

    register: Register
    reading: forms.BoundField
    rollover: forms.BoundField | None


class NoFieldsForm(Form):
    """An operation that asks for nothing."""


class DeviceOrderForm(Form):
    """
    Day, devices and readings of one order; which of them are asked for follows from its kind.

    The readings are those of the devices that are chosen: another device has other registers.
    """

    effective_on = forms.DateField(
        label=gettext_lazy("Day of the change"), widget=DateInput({"data-autofocus": True})
    )

    def __init__(self, data: Any = None, *, order: DeviceOrder, user: User, **kwargs: Any) -> None:
        self.order = order
        self.user = user
        given: Mapping[str, Any] = data if data is not None else kwargs.get("initial") or {}
        self.removed_device = self._standing(given.get("removed")) if order.kind in ENDS else None
        self.installed_device = self._installed(str(given.get("installed") or "").strip())
        self.base_fields = type(self).base_fields | self._more_fields()  # type: ignore[misc]
        super().__init__(data, **kwargs)
        self.fields["effective_on"].widget.attrs["max"] = clock.today().isoformat()

    def clean_installed(self) -> str:
        """Return the number that was typed, if it names one device."""
        typed = str(self.cleaned_data["installed"]).strip()
        if self.installed_device is None:
            raise forms.ValidationError(_("No meter with this number is in stock."))
        return typed

    def as_change(self) -> Change:
        """Return what the service takes; the form is valid."""
        data = self.cleaned_data
        return Change(
            kind=self.order.kind,
            pod=self.order.pod,
            effective_on=data["effective_on"],
            removed=self.removed_device,
            installed=self.installed_device,
            readings={
                register.pk: OrderedReading(
                    value=Decimal(data[field_of(register)]),
                    is_rollover=bool(data.get(_rollover(register))),
                )
                for register in self._registers()
                if data.get(field_of(register)) is not None
            },
        )

    @property
    def removed_field(self) -> forms.BoundField | None:
        """The field of the device that goes, if one goes."""
        return self["removed"] if "removed" in self.fields else None

    @property
    def installed_field(self) -> forms.BoundField | None:
        """The field of the device that comes, if one comes."""
        return self["installed"] if "installed" in self.fields else None

    def last_counts(self) -> list[RegisterFields]:
        """Return the fields of the device that goes."""
        return self._fields_of(self.removed_device)

    def first_counts(self) -> list[RegisterFields]:
        """Return the fields of the device that comes."""
        return self._fields_of(self.installed_device)

    def in_stock(self) -> Sequence[Device]:
        """Return devices that could be installed here, for the list under the field."""
        if self.order.kind not in BEGINS:
            return ()
        rows = Device.objects.visible_to(self.user).in_stock()
        fitting = rows.filter(division=self.order.pod.division).order_by("serial_number")
        return list(fitting[:MOST_OFFERED])

    def _fields_of(self, device: Device | None) -> list[RegisterFields]:
        registers = device.registers.order_by("code") if device else ()
        return [
            RegisterFields(
                register=register,
                reading=self[field_of(register)],
                rollover=self[_rollover(register)] if device == self.removed_device else None,
            )
            for register in registers
        ]

    def _more_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        if self.order.kind in ENDS:
            found["removed"] = forms.ChoiceField(
                label=gettext_lazy("Meter that is taken away"),
                choices=[
                    (str(one.device.uuid), one.device.serial_number)
                    for one in devices_at(self.order.pod)
                ],
            )
        if self.order.kind in BEGINS:
            found["installed"] = forms.CharField(
                label=gettext_lazy("Number of the new meter"),
                max_length=18,
                widget=forms.TextInput({"list": "devices-in-stock", "autocomplete": "off"}),
            )
        elif self.order.kind == DeviceOrderKind.INSTALL_FOR_BILLING:
            found["installed"] = forms.ChoiceField(
                label=gettext_lazy("Installed meter"),
                choices=[
                    (one.device.serial_number, one.device.serial_number)
                    for one in devices_at(self.order.pod)
                    if one.billing_from is None
                ],
            )
        for register in self._registers():
            goes = register.device_id == getattr(self.removed_device, "pk", None)
            found[field_of(register)] = _reading_field(
                register, is_required=goes or self.order.kind in BILLS
            )
            if goes:
                found[_rollover(register)] = forms.BooleanField(
                    label=gettext_lazy("The counter has started again from zero"), required=False
                )
        return found

    def _registers(self) -> list[Register]:
        devices = [one for one in (self.removed_device, self.installed_device) if one is not None]
        return [register for one in devices for register in one.registers.order_by("code")]

    def _standing(self, chosen: Any) -> Device | None:
        """Return the device that goes: the one chosen, else the only or first one."""
        standing = [one.device for one in devices_at(self.order.pod)]
        named = (one for one in standing if str(one.uuid) == str(chosen))
        return next(named, standing[0] if standing and not chosen else None)

    def _installed(self, number: str) -> Device | None:
        if self.order.kind == DeviceOrderKind.REMOVE:
            return None
        serial = "".join(number.split()).upper()
        if self.order.kind not in BEGINS:
            standing = [one.device for one in devices_at(self.order.pod)]
            return next(
                (one for one in standing if one.serial_number == serial or not serial), None
            )
        rows = Device.objects.visible_to(self.user).filter(serial_number=serial)
        # Makers reuse numbers: one that lies in stock and fits is meant before any other.
        found = sorted(
            rows.in_stock() if serial else (),
            key=lambda one: (one.division != self.order.pod.division, one.pk),
        )
        return found[0] if found else rows.order_by("pk").first() if serial else None


def _reading_field(register: Register, *, is_required: bool) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Register %(code)s, %(rate)s, in %(unit)s")
        % {
            "code": register.code,
            "rate": register.get_rate_type_display(),
            "unit": register.get_unit_display(),
        },
        max_digits=18,
        decimal_places=6,
        required=is_required,
        localize=True,
    )


def _rollover(register: Register) -> str:
    return f"rollover_{register.pk}"
