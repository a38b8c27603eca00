"""Readings that customers give: plausible, odd, explained."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest

from correspondence.services.documents import Customer
from devices.choices import (
    REPORT_TRANSITIONS,
    ReadingAnswer,
    ReadingFinding,
    ReadingReason,
    ReadingSource,
    ReadingStatus,
    ReportStatus,
)
from devices.models import MeterReading, ReadingReport
from devices.services.plausibility import assess
from devices.services.reading import (
    GivenReadings,
    GivenValue,
    ReadingRefused,
    ReadingsNeedAnswers,
    correct_readings,
    report_readings,
    withdraw_report,
)
from devices.services.reading_outcomes import confirm_report, mark_report_sent, refuse_report
from tests.factories.devices import MeterReadingFactory, RegisterFactory
from utilcrm import clock
from utilcrm.states import IllegalTransition, check_transition

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    """A five-digit counter that showed 12,000 a hundred days ago."""
    found = RegisterFactory(digits=5)
    MeterReadingFactory(
        register=found, read_on=clock.today() - dt.timedelta(days=100), value=Decimal(12_000)
    )
    return found


def give(register, value, **facts):
    answers = frozenset(facts.pop("answers", ()))
    one = GivenValue(
        register,
        Decimal(value),
        answers=answers,
        again=facts.pop("again", None),
        photo=facts.pop("photo", None),
    )
    facts.setdefault("read_on", clock.today())
    return GivenReadings(source=ReadingSource.CUSTOMER, values=[one], **facts)


def report(register, value, actor, *, annual_kwh=4000, **facts):
    meter = register.device_info_record
    return report_readings(
        pod=meter.pod,
        serial_number=meter.serial_number,
        given=give(register, value, **facts),
        annual_kwh=annual_kwh,
        customer=Customer(account_uuid=None, segment="RESIDENTIAL"),
        actor=actor,
    )


@pytest.mark.covers("N-10")
def test_a_value_within_the_expected_use_is_taken_up_as_it_is(register, agent):
    made = report(register, 13_100, agent)

    reading = MeterReading.objects.get(reported__report=made)
    assert reading.status == ReadingStatus.PLAUSIBLE
    assert (reading.value, reading.reason) == (13_100, ReadingReason.INTERIM)
    assert made.status == ReportStatus.QUEUED


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        (11_999, ReadingFinding.LOWER),
        (17_600, ReadingFinding.TOO_HIGH),
        (12_001, ReadingFinding.TOO_LOW),
        (12_500, ""),
        (14_000, ""),
    ],
)
def test_the_band_comes_from_the_expected_use_and_the_days(register, value, finding):
    found = assess(register=register, value=Decimal(value), read_on=clock.today(), annual_kwh=8000)

    assert found.finding == finding


def test_the_use_of_the_last_year_counts_more_than_what_was_expected(register):
    MeterReadingFactory(
        register=register, read_on=clock.today() - dt.timedelta(days=465), value=Decimal(11_000)
    )

    found = assess(register=register, value=Decimal(13_100), read_on=clock.today(), annual_kwh=8000)

    assert found.finding == ReadingFinding.TOO_HIGH


def test_nothing_is_odd_where_nothing_tells_the_use(register):
    found = assess(register=register, value=Decimal(99_000), read_on=clock.today(), annual_kwh=None)

    assert (found.finding, found.low) == ("", None)


@pytest.mark.covers("N-10")
def test_a_lower_value_is_not_refused_but_asked_about(register, agent):
    with pytest.raises(ReadingsNeedAnswers) as asked:
        report(register, 400, agent)

    assert asked.value.open_findings[register.pk].finding == ReadingFinding.LOWER
    assert not ReadingReport.objects.exists()


@pytest.mark.covers("N-10")
def test_a_rollover_is_counted_over_zero_and_to_be_checked(agent):
    register = RegisterFactory(digits=5)
    MeterReadingFactory(
        register=register, read_on=clock.today() - dt.timedelta(days=100), value=Decimal(99_600)
    )

    made = report(register, 650, agent, answers={ReadingAnswer.ROLLOVER})

    value = made.values.get()
    assert (value.answer, value.reading.status) == (
        ReadingAnswer.ROLLOVER,
        ReadingStatus.TO_CHECK,
    )


def test_a_rollover_that_would_be_a_huge_use_is_asked_about_once_more(register, agent):
    with pytest.raises(ReadingsNeedAnswers) as asked:
        report(register, 400, agent, answers={ReadingAnswer.ROLLOVER})

    assert asked.value.open_findings[register.pk].finding == ReadingFinding.TOO_HIGH


@pytest.mark.covers("N-10")
def test_an_odd_value_that_was_read_twice_the_same_is_to_be_checked(register, agent):
    with pytest.raises(ReadingsNeedAnswers):
        report(register, 16_000, agent, answers={ReadingAnswer.READ_AGAIN}, again=Decimal(15_000))

    made = report(
        register, 16_000, agent, answers={ReadingAnswer.READ_AGAIN}, again=Decimal(16_000)
    )

    assert made.values.get().reading.status == ReadingStatus.TO_CHECK


@pytest.mark.covers("N-10")
def test_the_count_of_another_meter_is_reported_but_not_kept_as_this_ones(register, agent):
    with pytest.raises(ReadingsNeedAnswers):
        report(register, 12, agent, answers={ReadingAnswer.NEW_METER})

    made = report(
        register, 12, agent, answers={ReadingAnswer.NEW_METER}, new_serial_number="26L0000007"
    )

    assert made.values.get().reading is None
    assert made.new_serial_number == "26L0000007"


@pytest.mark.parametrize(
    ("value", "day", "field"),
    [
        (123_456, 0, "value_001"),
        (Decimal("12.5"), 0, "value_001"),
        (-1, 0, "value_001"),
        (13_000, 1, "read_on"),
        (13_000, -200, "value_001"),
    ],
)
def test_what_is_impossible_is_refused_at_its_field(register, agent, value, day, field):
    with pytest.raises(ReadingRefused) as refused:
        report(register, value, agent, read_on=clock.today() + dt.timedelta(days=day))

    assert refused.value.field == field


def test_a_second_reading_of_the_same_day_is_refused(register, agent):
    report(register, 13_100, agent)

    with pytest.raises(ReadingRefused):
        report(register, 13_101, agent)


def test_what_the_erp_refuses_counts_no_more_and_can_be_corrected(register, agent):
    made = report(register, 13_100, agent)
    mark_report_sent(report_uuid=made.uuid)
    refuse_report(report_uuid=made.uuid, code="READ_DATE_BILLED", field="", text="Billed.")
    made.refresh_from_db()
    assert made.values.get().reading.status == ReadingStatus.REJECTED

    corrected = correct_readings(
        report=made,
        version=made.version,
        given=give(register, 13_101),
        annual_kwh=4000,
        customer=None,
        actor=agent,
    )

    assert (corrected.status, corrected.failure_text) == (ReportStatus.QUEUED, "")
    assert [one.value for one in register.readings.order_by("-read_on")] == [13_101, 12_000]
    confirm_report(report_uuid=made.uuid, erp_number="860000000001")
    with pytest.raises(ReadingRefused):
        withdraw_report(report=made, actor=agent)


@pytest.mark.parametrize(("old", "new"), list(product(ReportStatus, ReportStatus)))
def test_reported_readings_move_only_along_their_table(old, new):
    if new in REPORT_TRANSITIONS[old]:
        check_transition(REPORT_TRANSITIONS, old, new)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(REPORT_TRANSITIONS, old, new)
