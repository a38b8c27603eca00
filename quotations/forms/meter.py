"""The meter as a caller reads it out: number, rate, registers, readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from devices.choices import Rate, RateType, Unit
from premises.choices import Division
from quotations.models import QuotationItem
from quotations.services.metering import (
    ImplausibleReading,
    RegisterInput,
    check_reading,
    usual_registers,
)
from utilcrm.web.forms import Form

SERIAL = RegexValidator(
    r"^[0-9A-Za-z][0-9A-Za-z ./-]*\Z", _("Letters, digits, blanks, dots, dashes and slashes only.")
)


@dataclass(frozen=True)
class RegisterFields:
    """The fields of one register, for the template."""

    code: str
    rate_type: str
    digits: forms.BoundField
    decimals: forms.BoundField
    unit: forms.BoundField
    reading: forms.BoundField


class MeterForm(Form):
    """
    Meter data of one item. The rate decides how many registers there are.

    A register that the rate has just added is not in what was sent; it begins with usual values.
    `registers_of` names the rate whose registers are shown, whatever the form says.
    """

    meter_serial = forms.CharField(
        label=_("Meter number"), max_length=18, required=False, validators=[SERIAL]
    )
    rate = forms.ChoiceField(label=_("Rate"), choices=Rate.choices, widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, *, division: str, registers_of: str = "", **kwargs: Any
    ) -> None:
        self.division = division
        self.shown_rate = registers_of or _rate(division, data, kwargs.get("initial"))
        self.usual = usual_registers(division, self.shown_rate)
        # A form copies and dresses its base fields; those of the registers join them before.
        self.base_fields = type(self).base_fields | {  # type: ignore[misc]
            f"r{register.code}_{name}": field
            for register in self.usual
            for name, field in _register_fields(register).items()
        }
        super().__init__(data, **kwargs)
        if division == Division.GAS:
            self.fields["rate"].choices = [(Rate.SINGLE, Rate.SINGLE.label)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that each register can show its reading."""
        data = super().clean() or self.cleaned_data
        for register in self.as_registers():
            try:
                check_reading(register)
            except ImplausibleReading as exc:
                self.add_error(f"r{exc.code}_reading", str(exc))
        return data

    def as_registers(self) -> list[RegisterInput]:
        """Return what the service takes."""
        data = self.cleaned_data
        registers = []
        for usual in self.usual:
            prefix = f"r{usual.code}_"
            registers.append(
                RegisterInput(
                    code=usual.code,
                    rate_type=usual.rate_type,
                    unit=data.get(f"{prefix}unit") or usual.unit,
                    digits=data.get(f"{prefix}digits") or usual.digits,
                    decimals=_or(data.get(f"{prefix}decimals"), usual.decimals),
                    move_in_reading=data.get(f"{prefix}reading"),
                )
            )
        return registers

    def registers(self) -> Iterator[RegisterFields]:
        """Return the fields of each register."""
        for usual in self.usual:
            yield RegisterFields(
                code=usual.code,
                rate_type=str(RateType(usual.rate_type).label),
                digits=self[f"r{usual.code}_digits"],
                decimals=self[f"r{usual.code}_decimals"],
                unit=self[f"r{usual.code}_unit"],
                reading=self[f"r{usual.code}_reading"],
            )


def meter_initial(item: QuotationItem) -> dict[str, Any]:
    """Return what the form shows for an item; its registers must be fetched."""
    initial: dict[str, Any] = {"meter_serial": item.meter_serial, "rate": item.rate}
    for register in item.registers.all():
        initial |= {
            f"r{register.code}_digits": register.digits,
            f"r{register.code}_decimals": register.decimals,
            f"r{register.code}_unit": register.unit,
            f"r{register.code}_reading": _without_zeros(register.move_in_reading),
        }
    return initial


def _rate(division: str, data: Mapping[str, Any] | None, initial: Any) -> str:
    """Return the rate that the form is about: the one sent, else the one stored."""
    chosen = (data if data is not None else initial or {}).get("rate")
    return chosen if chosen in Rate.values and division != Division.GAS else Rate.SINGLE


def _register_fields(register: RegisterInput) -> Mapping[str, forms.Field]:
    name = RateType(register.rate_type).label
    return {
        "digits": forms.IntegerField(
            label=_("Digits"), min_value=1, max_value=9, required=False, initial=register.digits
        ),
        "decimals": forms.IntegerField(
            label=_("Decimals"), min_value=0, max_value=3, required=False, initial=register.decimals
        ),
        "unit": forms.ChoiceField(
            label=_("Unit"), choices=Unit.choices, required=False, initial=register.unit
        ),
        "reading": forms.DecimalField(
            label=_("Reading at the start (%(register)s)") % {"register": name},
            max_digits=13,
            decimal_places=3,
            required=False,
            localize=True,
        ),
    }


def _or(value: int | None, usual: int) -> int:
    return usual if value is None else value


def _without_zeros(value: Decimal | None) -> Decimal | None:
    """Return a stored reading without the zeros that the column adds: 1234.000 as 1234."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()
