"""The meter: what the agent types while the caller reads it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from devices.choices import Rate, Unit
from devices.models import DeviceInfoRecord
from premises.choices import Division
from products.queries.pricing import RATE_TYPES
from quotations.models import QuotationItem, QuotationItemRegister
from quotations.queries.meters import known_meter
from quotations.services.installed import (
    NothingInstalled,
    adopt_installed_device,
    device_for,
)
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed
from utilcrm import clock


class MeterDataNotAllowed(Exception):
    """This tenant's meters are installed devices, which only the ERP describes."""


class ImplausibleReading(Exception):
    """The meter cannot show that value; `code` names the register."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class WrongRegisters(Exception):
    """The registers do not fit the meter's rate."""


@dataclass(frozen=True)
class RegisterInput:
    """One counter of the meter, as typed. `code` is 001, 002 …; the reading is at the start."""

    code: str
    rate_type: str
    unit: str
    digits: int
    decimals: int
    factor: Decimal = Decimal(1)
    move_in_reading: Decimal | None = None


def usual_registers(division: str, rate: str) -> tuple[RegisterInput, ...]:
    """Return the registers that most meters of a division and rate have."""
    gas = division == Division.GAS
    return tuple(
        RegisterInput(
            code=f"{place:03d}",
            rate_type=rate_type,
            unit=Unit.M3 if gas else Unit.KWH,
            digits=5 if gas else 6,
            decimals=0,
        )
        for place, rate_type in enumerate(RATE_TYPES[rate], start=1)
    )


def check_reading(register: RegisterInput) -> None:
    """
    Refuse a reading that the register cannot show.

    :raises ImplausibleReading: if it is negative, or has more digits than the register
    """
    reading = register.move_in_reading
    if reading is None:
        return
    if reading < 0:
        raise ImplausibleReading(_("A meter does not count below zero."), register.code)
    if reading >= Decimal(10) ** register.digits:
        raise ImplausibleReading(
            _("The register has %(digits)s digits before the point and cannot show %(reading)s.")
            % {"digits": register.digits, "reading": reading},
            register.code,
        )
    if reading != round(reading, register.decimals):
        raise ImplausibleReading(
            _("The register has %(decimals)s digits after the point and cannot show %(reading)s.")
            % {"decimals": register.decimals, "reading": reading},
            register.code,
        )


def write_meter(
    item: QuotationItem, *, serial: str, rate: str, registers: Sequence[RegisterInput]
) -> None:
    """
    Replace the meter data of an item; the caller holds the lock and saves the item.

    :raises MeterDataNotAllowed: in a tenant whose meters are installed devices
    :raises WrongRegisters: if they are not those of the rate
    :raises ImplausibleReading: if a reading cannot be shown by its register
    """
    if not typed_meter_data_allowed(current_profile()):
        raise MeterDataNotAllowed(_("Meters are installed in the ERP and cannot be typed in here."))
    if item.division == Division.GAS and rate != Rate.SINGLE:
        raise WrongRegisters(_("Gas meters have one rate."))
    if tuple(register.rate_type for register in registers) != RATE_TYPES[rate]:
        raise WrongRegisters(_("The registers do not fit the rate of the meter."))
    for register in registers:
        check_reading(register)
    item.meter_serial = serial.strip()
    item.rate = rate
    item.registers.all().delete()
    QuotationItemRegister.objects.bulk_create(
        QuotationItemRegister(
            item=item,
            code=register.code,
            rate_type=register.rate_type,
            unit=register.unit,
            digits=register.digits,
            decimals=register.decimals,
            factor=register.factor,
            move_in_reading=register.move_in_reading,
        )
        for register in registers
    )


def prefill_meter(item: QuotationItem) -> None:
    """
    Give a new item the meter that is known at its point of delivery, or the usual one.

    Where meters are installed devices, the device that is installed gives rate and registers.
    """
    if not typed_meter_data_allowed(current_profile()):
        adopt_installed_device(item)
        return
    known = known_meter(pod_id=item.pod_id, day=clock.today())
    rate = Rate.SINGLE if known is None or item.division == Division.GAS else Rate(known.rate)
    registers = usual_registers(item.division, rate)
    if known is not None:
        at_hand = _registers_of(known)
        if tuple(register.rate_type for register in at_hand) == RATE_TYPES[rate]:
            registers = at_hand
    write_meter(item, serial=known.serial_number if known else "", rate=rate, registers=registers)
    item.save(update_fields=["meter_serial", "rate", "updated_at"])


def _registers_of(known: DeviceInfoRecord) -> tuple[RegisterInput, ...]:
    return tuple(
        RegisterInput(
            code=register.code,
            rate_type=register.rate_type,
            unit=register.unit,
            digits=register.digits,
            decimals=register.decimals,
            factor=register.factor,
        )
        for register in sorted(known.registers.all(), key=lambda one: one.code)
    )


def write_start_readings(item: QuotationItem, readings: Mapping[str, Decimal | None]) -> None:
    """
    Keep what the installed device's registers show at the start; the caller holds the lock.

    :raises NothingInstalled: if no device hangs at the point of delivery
    :raises ImplausibleReading: if a reading cannot be shown by its register
    """
    device = device_for(item)
    if device is None:
        raise NothingInstalled(_("No meter is installed here yet."))
    for register in device.registers.all():
        check_reading(
            RegisterInput(
                code=register.code,
                rate_type=register.rate_type,
                unit=register.unit,
                digits=register.digits,
                decimals=register.decimals,
                move_in_reading=readings.get(register.code),
            )
        )
    adopt_installed_device(item, readings)
