"""Readings reach the ERP once, and its refusals come back in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from devices.choices import ReadingAnswer, ReadingSource, ReadingStatus, ReportStatus
from devices.models import DeviceInfoRecord, ReadingReport, Register
from devices.services.reading import (
    GivenReadings,
    GivenValue,
    correct_readings,
    report_readings,
    withdraw_report,
)
from events.choices import DeliveryState
from events.models import Delivery
from tests.billing_sync.test_sending import sign, signed_item, status_of
from tests.support.erp import SandboxErp
from utilcrm import clock

Work = Callable[..., Any]
READING = "MeterReadingDocumentERPCreateRequest"


@pytest.fixture
def meter(erp: SandboxErp, work: Work, begin_with_both: Callable[..., None]) -> DeviceInfoRecord:
    """A meter that both sides know: 1,204 at the start, which is today."""

    def supply() -> None:
        item = signed_item(starts_on=clock.today())
        sign(item)
        work(lambda: status_of(item) == "COMPLETED")

    begin_with_both("supply_from_today", supply)
    return DeviceInfoRecord.objects.get()


def report(meter: DeviceInfoRecord, value: int, actor: Any, **facts: Any) -> ReadingReport:
    return report_readings(
        pod=meter.pod,
        serial_number=facts.pop("serial", meter.serial_number),
        given=given(meter.registers.get(), value, **facts),
        annual_kwh=None,
        customer=None,
        actor=actor,
    )


def given(register: Register, value: int, **facts: Any) -> GivenReadings:
    return GivenReadings(
        read_on=facts.pop("read_on", clock.today()),
        source=ReadingSource.CUSTOMER,
        values=[
            GivenValue(
                register=register,
                value=Decimal(value),
                answers=frozenset(facts.pop("answers", ())),
            )
        ],
        **facts,
    )


def state(made: ReadingReport) -> str:
    return ReadingReport.objects.values_list("status", flat=True).get(pk=made.pk)


def sent(erp: SandboxErp) -> list[dict[str, Any]]:
    return [entry for entry in erp.ledger() if entry["kind"] == READING]


@pytest.mark.covers("B-17", "N-10")
def test_a_reading_is_sent_once_and_taken_up(erp, work, meter, agent) -> None:
    made = report(meter, 1230, agent)

    work(lambda: state(made) == ReportStatus.CONFIRMED)

    made.refresh_from_db()
    assert [entry["effect"] for entry in sent(erp)] == ["created"]
    assert sent(erp)[0]["external_reference"] == str(made.uuid)
    assert made.erp_number == sent(erp)[0]["erp_number"]


def test_a_reading_is_taken_up_once_when_the_answer_is_lost(erp, work, meter, agent) -> None:
    erp.control("faults", [{"kind": "commit_then_drop", "times": 1}])
    made = report(meter, 1230, agent)

    work(lambda: state(made) == ReportStatus.CONFIRMED, seconds=40)

    assert len(sent(erp)) == 1


@pytest.mark.covers("B-17")
def test_a_refusal_is_shown_and_the_corrected_reading_takes_its_place(
    erp, work, meter, agent
) -> None:
    made = report(meter, 1204 - 4, agent, read_on=clock.today() - dt.timedelta(days=1))
    work(lambda: state(made) == ReportStatus.REFUSED)
    made.refresh_from_db()
    assert made.failure_code == "DEVICE_UNKNOWN"
    assert made.values.get().reading.status == ReadingStatus.REJECTED

    correct_readings(
        report=made,
        version=made.version,
        given=given(meter.registers.get(), 1231),
        annual_kwh=None,
        customer=None,
        actor=agent,
    )
    work(lambda: state(made) == ReportStatus.CONFIRMED)

    assert [entry["state"] for entry in sent(erp)] == ["FAILED", "SUCCEEDED"]


def test_readings_that_are_taken_back_let_the_next_ones_pass(erp, work, meter, agent) -> None:
    wrong = report(meter, 1230, agent, serial="99X")
    work(lambda: state(wrong) == ReportStatus.REFUSED)
    right = report(meter, 1230, agent)
    wrong.refresh_from_db()
    withdraw_report(report=wrong, actor=agent)

    work(lambda: state(right) == ReportStatus.CONFIRMED)

    assert state(wrong) == ReportStatus.WITHDRAWN
    assert not Delivery.objects.filter(state=DeliveryState.PARKED).exists()


@pytest.mark.parametrize(
    ("value", "facts", "code"),
    [
        (12, {}, "VALUE_BELOW_LAST"),
        (12, {"answers": {ReadingAnswer.ROLLOVER}}, ""),
        (12, {"new_serial_number": "26L0000009", "answers": {ReadingAnswer.NEW_METER}}, ""),
    ],
)
@pytest.mark.covers("N-10")
def test_the_erp_asks_for_an_explanation_of_a_lower_value(
    erp, work, meter, agent, value, facts, code
) -> None:
    # unknown here, so that the question is the ERP's own
    meter.registers.get().readings.all().delete()
    made = report(meter, value, agent, **facts)

    work(lambda: state(made) in {ReportStatus.CONFIRMED, ReportStatus.REFUSED})

    made.refresh_from_db()
    assert made.failure_code == code
