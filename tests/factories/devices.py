"""Meters as the tests need them: rows only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import factory

from devices.choices import Rate, RateType, ReadingReason, ReadingSource, Unit
from devices.models import (
    Device,
    DeviceInfoRecord,
    DeviceInstallation,
    MeterReading,
    Register,
)
from premises.choices import Division
from tests.factories.premises import PointOfDeliveryFactory


class DeviceInfoRecordFactory(factory.django.DjangoModelFactory):
    """A single-rate meter since 2020."""

    class Meta:
        model = DeviceInfoRecord

    pod = factory.SubFactory(PointOfDeliveryFactory)
    serial_number = factory.Sequence(lambda n: f"19L{n:07d}")
    rate = Rate.SINGLE
    valid_from = dt.date(2020, 1, 1)


class RegisterFactory(factory.django.DjangoModelFactory):
    """The only register of a meter."""

    class Meta:
        model = Register

    device_info_record = factory.SubFactory(DeviceInfoRecordFactory)
    code = "001"
    rate_type = RateType.ALL_DAY
    unit = Unit.KWH


class MeterReadingFactory(factory.django.DjangoModelFactory):
    """A yearly reading by the customer."""

    class Meta:
        model = MeterReading

    register = factory.SubFactory(RegisterFactory)
    read_on = dt.date(2026, 1, 1)
    value = Decimal("12345")
    reason = ReadingReason.PERIODIC
    source = ReadingSource.CUSTOMER


class DeviceFactory(factory.django.DjangoModelFactory):
    """A single-rate electricity meter in stock, without registers."""

    class Meta:
        model = Device

    erp_number = factory.Sequence(lambda n: f"{70_000_000 + n:018d}")
    serial_number = factory.Sequence(lambda n: f"27{n:07d}")
    division = Division.ELECTRICITY
    rate = Rate.SINGLE
    material = "E450-S4"
    manufacturer = "Landis+Gyr"
    certified_until = dt.date(2035, 12, 31)


class DeviceInstallationFactory(factory.django.DjangoModelFactory):
    """A device that hangs and is billed since 2020."""

    class Meta:
        model = DeviceInstallation

    device = factory.SubFactory(DeviceFactory)
    pod = factory.SubFactory(PointOfDeliveryFactory)
    logical_number = factory.Sequence(lambda n: f"{500_000_000 + n:018d}")
    technical_from = dt.date(2020, 1, 1)
    billing_from = factory.SelfAttribute("technical_from")


def device_with_registers(*rate_types: str, digits: int = 5, **facts: object) -> Device:
    """Return a device in stock with a register for each rate type; all day if none is named."""
    device = DeviceFactory.create(**facts)
    for place, rate_type in enumerate(rate_types or (RateType.ALL_DAY,), start=1):
        RegisterFactory.create(
            device_info_record=None,
            device=device,
            code=f"{place:03d}",
            rate_type=rate_type,
            digits=digits,
        )
    return device
