"""What the registers of an installed device show at the start of supply."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from devices.choices import RateType, Unit
from quotations.models import QuotationItemRegister
from quotations.services.metering import ImplausibleReading, RegisterInput, check_reading
from utilcrm.web.forms import Form


class StartReadingForm(Form):
    """One optional reading for each register of the device that hangs there."""

    def __init__(
        self, data: Any = None, *, registers: Sequence[QuotationItemRegister], **kwargs: Any
    ) -> None:
        self.registers = registers
        # A form copies and dresses its base fields; those of the registers join them before.
        self.base_fields = type(self).base_fields | {  # type: ignore[misc]
            _name(register): _field(register) for register in registers
        }
        given = {_name(one): _plain(one.move_in_reading) for one in registers}
        kwargs["initial"] = given | (kwargs.get("initial") or {})
        super().__init__(data, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Check that each register can show its reading."""
        data = super().clean() or self.cleaned_data
        for register in self.registers:
            try:
                check_reading(
                    RegisterInput(
                        code=register.code,
                        rate_type=register.rate_type,
                        unit=register.unit,
                        digits=register.digits,
                        decimals=register.decimals,
                        move_in_reading=data.get(_name(register)),
                    )
                )
            except ImplausibleReading as exc:
                self.add_error(_name(register), str(exc))
        return data

    def readings(self) -> dict[str, Decimal | None]:
        """Return the readings by the registers' codes."""
        return {one.code: self.cleaned_data.get(_name(one)) for one in self.registers}


def _name(register: QuotationItemRegister) -> str:
    return f"r{register.code}_reading"


def _field(register: QuotationItemRegister) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Reading at the start, register %(code)s, %(register)s in %(unit)s")
        % {
            "code": register.code,
            "register": RateType(register.rate_type).label,
            "unit": Unit(register.unit).label,
        },
        max_digits=18,
        decimal_places=6,
        required=False,
        localize=True,
    )


def _plain(value: Decimal | None) -> Decimal | None:
    """Return a stored reading without the noughts that the column adds."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()
