"""Consumption: nothing is lost and nothing invented, over rollovers and replacements."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.choices import RateType, ReadingReason, ReadingStatus
from devices.models import DeviceInstallation, MeterReading, Register
from devices.queries.consumption import Interval, intervals_of, monthly, usage_at
from devices.services.loading.placements import PlacementRow
from tests.factories.devices import (
    DeviceInstallationFactory,
    MeterReadingFactory,
    device_with_registers,
)
from utilcrm import clock

FIRST = dt.date(2020, 1, 1)
days = st.integers(min_value=0, max_value=2500).map(lambda n: FIRST + dt.timedelta(days=n))
amounts = st.integers(min_value=0, max_value=10**9).map(lambda n: Decimal(n) / 1000)


@st.composite
def spans(draw: st.DrawFn) -> Interval:
    start, end = sorted((draw(days), draw(days)))
    return Interval(start, end, draw(amounts))


@given(intervals=st.lists(spans(), max_size=8))
def test_the_months_add_up_to_what_was_counted(intervals):
    months = monthly(intervals)

    assert sum(months.values(), Decimal(0)) == sum((one.quantity for one in intervals), Decimal(0))
    assert all(month.day == 1 for month in months)
    assert all(value >= 0 for value in months.values())


@given(span=spans())
def test_only_the_months_between_the_readings_have_a_share(span):
    months = monthly([span])

    last = max(span.starts_on, span.ends_on - dt.timedelta(days=1))
    assert min(months) == span.starts_on.replace(day=1)
    assert max(months) <= last.replace(day=1) or span.quantity == 0 or len(months) == 1
    ordered = sorted(months)
    for before, after in itertools.pairwise(ordered):
        assert (after - before).days in {28, 29, 30, 31}


@st.composite
def counted(draw: st.DrawFn) -> tuple[Register, list[MeterReading], list[int]]:
    """A register, readings of it that roll over, and what was used between them."""
    digits = draw(st.integers(min_value=2, max_value=6))
    register = Register(code="001", digits=digits, factor=Decimal(1))
    uses = draw(st.lists(st.integers(0, 10**digits - 1), min_size=1, max_size=12))
    count = draw(st.integers(min_value=0, max_value=10**digits - 1))
    readings = []
    for place in range(len(uses) + 1):
        readings.append(
            MeterReading(
                register=register,
                read_on=FIRST + dt.timedelta(days=30 * place),
                value=Decimal(count),
                status=ReadingStatus.PLAUSIBLE,
            )
        )
        if place < len(uses):
            count = (count + uses[place]) % 10**digits
    return register, readings, uses


@given(counted())
def test_a_counter_that_starts_again_from_zero_counts_on(found):
    register, readings, uses = found

    intervals = list(intervals_of(register, readings, starts_on=FIRST, ends_on=None))

    assert [one.quantity for one in intervals] == uses
    for before, after in itertools.pairwise(intervals):
        assert before.ends_on == after.starts_on


@pytest.mark.covers("A-06")
@given(
    old=counted(),
    new=counted(),
    split=st.integers(min_value=1, max_value=400),
)
def test_a_replacement_neither_loses_nor_doubles_anything(old, new, split):
    """The old one's last count and the new one's first are of the same day."""
    register, readings, uses = old
    replaced = readings[-1].read_on
    other, later, more = new
    for place, reading in enumerate(later):
        reading.read_on = replaced + dt.timedelta(days=split * place)

    intervals = [
        *intervals_of(register, [*readings], starts_on=FIRST, ends_on=replaced),
        *intervals_of(other, [*later], starts_on=replaced, ends_on=None),
    ]

    assert sum((one.quantity for one in intervals), Decimal(0)) == sum(uses) + sum(more)
    for before, after in itertools.pairwise(intervals):
        assert before.ends_on == after.starts_on
    assert sum(monthly(intervals).values(), Decimal(0)) == sum(uses) + sum(more)


def test_what_a_device_showed_elsewhere_is_not_counted_here():
    register = Register(code="001", digits=5, factor=Decimal(2))
    readings = [
        MeterReading(register=register, read_on=dt.date(2026, month, 1), value=Decimal(month))
        for month in range(1, 13)
    ]

    (only,) = intervals_of(
        register, readings, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 4, 1)
    )

    assert (only.quantity, only.starts_on) == (2, dt.date(2026, 3, 1))


def test_a_rejected_reading_is_not_counted():
    register = Register(code="001", digits=5, factor=Decimal(1))
    readings = [
        MeterReading(register=register, read_on=FIRST, value=Decimal(1)),
        MeterReading(
            register=register,
            read_on=FIRST + dt.timedelta(days=1),
            value=Decimal(99),
            status=ReadingStatus.REJECTED,
        ),
    ]
    assert not list(intervals_of(register, readings, starts_on=FIRST, ends_on=None))


@pytest.mark.covers("A-06")
@pytest.mark.django_db
def test_the_chart_has_no_gap_over_a_replacement():
    today = clock.today()
    months = [(today.replace(day=1) - dt.timedelta(days=31 * n)).replace(day=1) for n in (5, 2, 0)]
    old = device_with_registers()
    new = device_with_registers(RateType.DAY, RateType.NIGHT, rate="DOUBLE")
    place = DeviceInstallationFactory(
        device=old, technical_from=months[0], technical_to=months[1], billing_to=months[1]
    )
    DeviceInstallationFactory(
        device=new, pod=place.pod, logical_number=place.logical_number, technical_from=months[1]
    )
    MeterReadingFactory(register=old.registers.get(), read_on=months[0], value=99900)
    MeterReadingFactory(
        register=old.registers.get(), read_on=months[1], value=200, reason=ReadingReason.REMOVAL
    )
    for register in new.registers.all():
        MeterReadingFactory(
            register=register, read_on=months[1], value=0, reason=ReadingReason.INSTALLATION
        )
        MeterReadingFactory(register=register, read_on=months[2], value=100)

    (usage,) = usage_at(place.pod)

    assert usage.replaced_on == (months[1],)
    assert usage.rates == ("ALL_DAY", "DAY", "NIGHT")
    assert sum(month.total for month in usage.months) == 300 + 200
    used = [month for month in usage.months if months[0] <= month.month < months[2]]
    assert len(used) in {5, 6}
    assert all(month.total > 0 for month in used)


moments = st.integers(min_value=0, max_value=40)


@pytest.mark.covers("A-05")
@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(
    wanted=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), moments, st.none() | moments),
        min_size=1,
        max_size=8,
    )
)
def test_no_sequence_of_installations_overlaps(wanted):
    """The database is the last wall: one device at one place, one device a logical number."""
    with transaction.atomic():
        devices = [device_with_registers() for _one in range(3)]
        places = [DeviceInstallationFactory(device=device_with_registers()).pod for _one in (1, 2)]
        DeviceInstallation.objects.all().delete()
        for device, place, start, end in wanted:
            try:
                with transaction.atomic():
                    DeviceInstallation.objects.create(
                        device=devices[device],
                        pod=places[place],
                        logical_number="L1",
                        technical_from=FIRST + dt.timedelta(days=start),
                        technical_to=None if end is None else FIRST + dt.timedelta(days=end),
                    )
            except IntegrityError:
                continue
        kept = list(DeviceInstallation.objects.all())
        for one, other in itertools.combinations(kept, 2):
            if one.device_id == other.device_id or one.pod_id == other.pod_id:
                assert _apart(one, other)
        transaction.set_rollback(True)


def _apart(one: DeviceInstallation, other: DeviceInstallation) -> bool:
    last = dt.date.max
    return (one.technical_to or last) <= other.technical_from or (
        other.technical_to or last
    ) <= one.technical_from


@given(
    since=days,
    until=st.none() | days,
    billed=st.none() | days,
    billed_until=st.none() | days,
)
def test_a_placement_is_possible_just_when_the_database_takes_it(
    since, until, billed, billed_until
):
    row = PlacementRow("1", "1", since, until, billed, billed_until)
    last = dt.date.max
    fits = since < (until or last)
    if billed is None:
        fits = fits and billed_until is None
    else:
        end = billed_until or last
        fits = fits and since <= billed < end <= (until or last)
    assert row.is_possible == fits
