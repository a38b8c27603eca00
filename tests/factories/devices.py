"""Meters as the tests need them: rows only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import factory

from devices.choices import Rate, RateType, ReadingReason, ReadingSource, Unit
from devices.models import DeviceInfoRecord, MeterReading, Register
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
