"""What goes wrong on the way, and what the register tells of its own accord, over a socket."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from contracts.models import ContractItem
from devices.models import MeterReading, ReadingReport, ReportedValue
from devices.services.reading_outcomes import tell_report
from devices.services.replacing import tell_replacements
from events.models import Delivery
from events.services import mending
from events.services.draining import drain
from market.choices import PeriodStatus, TaskKind
from market.gateway.contract import Received
from market.models import MarketTask, RegisterMessage, SupplyPeriod
from market.services import following, receiving
from market.services.mending import claim_again
from market.services.watching import watch_deadlines
from tests.factories.devices import DeviceInfoRecordFactory, RegisterFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.mark.covers("C-28")
@pytest.mark.parametrize("fault", ["commit_then_drop", "http_503_html", "malformed_xml"])
def test_trouble_on_the_way_gives_one_claim(hub, sell, work, fault):
    hub.fault(fault, operation="submit", times=1)
    item = sell()
    for _try in range(4):
        work()
        time.sleep(0.02)

    assert [entry["kind"] for entry in hub.ledger("unified")] == ["CLAIM"]
    assert SupplyPeriod.objects.get(pod=item.pod).status == PeriodStatus.CONFIRMED


def test_answers_that_come_twice_change_nothing_twice(hub, sell, work):
    hub.fault("duplicate_delivery", operation="queue")
    item = sell()
    work()

    assert SupplyPeriod.objects.get(pod=item.pod).status == PeriodStatus.CONFIRMED
    assert RegisterMessage.objects.filter(direction="IN").count() == 1


def test_what_cannot_be_read_is_kept_and_shown_and_does_not_hold_up_the_queue(hub):
    document = Received(queue_id="q1", message_id="m1", raw=b"<odd\x00/>", problem="not XML")
    receiving.take(document)
    receiving.take(document)

    kept = RegisterMessage.objects.get(status="UNREADABLE")
    assert kept.raw == "<odd\\x00/>"
    assert MarketTask.objects.filter(kind=TaskKind.UNREADABLE).count() == 1


@pytest.mark.covers("C-29")
def test_values_that_the_operator_measured_become_readings(hub, sell, work):
    item = sell(days=-10)
    work()
    record = DeviceInfoRecordFactory(pod=item.pod, serial_number="21Z7")
    register = RegisterFactory(device_info_record=record, code="001")
    values = [{"code": "001", "value": "4711", "unit": "KWH"}]
    hub.act("unified", "values", item.pod.external_id, serial="21Z7", values=values)
    hub.act("unified", "values", item.pod.external_id, serial="nobody's", values=values)
    work()

    reading = MeterReading.objects.get(register=register, source="DISTRIBUTOR")
    assert (reading.value, reading.read_on) == (4711, clock.today())
    assert "nobody's" in MarketTask.objects.get(kind=TaskKind.VALUES_REFUSED).text


def test_what_the_operator_does_to_a_point_is_shown_and_where_it_differs_is_a_task(hub, sell, work):
    item = sell(days=-10)
    work()
    hub.act("unified", "cut", item.pod.external_id, reason="danger")
    hub.act("unified", "address", item.pod.external_id, street="Elm Row", house="9")
    work()

    assert "danger" in MarketTask.objects.get(kind=TaskKind.PLACE_CUT).text
    assert "Elm Row" in MarketTask.objects.get(kind=TaskKind.PLACE_CHANGED).text


@pytest.mark.covers("C-29")
def test_a_meter_change_is_told_once(hub, sell, work):
    item = sell(days=-10)
    work()
    day = clock.today()
    old = DeviceInfoRecordFactory(pod=item.pod, serial_number="OLD1", valid_to=day)
    new = DeviceInfoRecordFactory(pod=item.pod, serial_number="NEW1", valid_from=day)
    for record, reason, value in ((old, "REMOVAL", 900), (new, "INSTALLATION", 0)):
        register = RegisterFactory(device_info_record=record, code="001")
        MeterReading.objects.create(
            register=register, read_on=day, value=value, reason=reason, source="AGENT"
        )
    with transaction.atomic():
        tell_replacements([item.pod.uuid], since=day)
    with transaction.atomic():
        tell_replacements([item.pod.uuid], since=day)
    work()

    assert [entry["kind"] for entry in hub.ledger("unified")] == ["CLAIM", "METER"]
    told = hub.ledger("unified")[-1]["told"]
    assert "OLD1" in str(told)
    assert "NEW1" in str(told)
    assert "900" in str(told)


@pytest.mark.covers("N-06")
def test_an_answer_that_is_late_becomes_a_task_once(hub, sell, work):
    hub.fault("late_answer", operation="queue", seconds=3600)
    sell()
    work()
    assert watch_deadlines() == 0
    with time_machine.travel(clock.now() + dt.timedelta(hours=40)):
        assert watch_deadlines() == 1
        assert watch_deadlines() == 0


@pytest.mark.covers("C-31")
def test_an_end_without_a_reason_is_not_told_before_somebody_gives_one_of_the_eight(
    hub, sell, work, clerk, client_for
):
    item = sell(days=-10)
    work()
    # as a clerk of the ERP has set it, without any process here
    day = clock.today() + dt.timedelta(days=20)
    ContractItem.objects.filter(pk=item.pk).update(ends_on=day, updated_at=clock.now())
    following.plan_changed_supplies()
    work()
    assert [entry["kind"] for entry in hub.ledger("unified")] == ["CLAIM"]
    assert MarketTask.objects.get(kind=TaskKind.REASON_MISSING).due_on == day

    period = SupplyPeriod.objects.get(pod=item.pod)
    address = reverse("market:end_reason", args=[period.uuid])
    browser = client_for(clerk)
    for wrong in ("", "BECAUSE"):
        missing = browser.post(address, {"reason": wrong, "version": period.version})
        assert missing.status_code == 422
    browser.post(address, {"reason": "EXPIRY", "version": period.version})
    work()
    assert [entry["kind"] for entry in hub.ledger("unified")] == ["CLAIM", "NOTICE"]
    assert not MarketTask.objects.filter(kind=TaskKind.REASON_MISSING, status="OPEN").exists()


def test_a_reading_of_the_customer_is_told_once(hub, sell, work, agent):
    item = sell(days=-10)
    work()
    record = DeviceInfoRecordFactory(pod=item.pod, serial_number="21Z7")
    register = RegisterFactory(device_info_record=record, code="001")
    report = ReadingReport.objects.create(
        pod=item.pod,
        serial_number="21Z7",
        read_on=clock.today(),
        reason="PERIODIC",
        source="CUSTOMER",
    )
    ReportedValue.objects.create(report=report, register=register, value=815)
    with transaction.atomic():
        tell_report("devices.reading.reported", report, actor=agent)
    work()

    assert [entry["kind"] for entry in hub.ledger("unified")] == ["CLAIM", "READING"]
    assert "815" in str(hub.ledger("unified")[-1]["told"])


def test_a_message_that_a_person_gives_up_is_a_refusal_that_is_dealt_with_by_hand(
    hub, sell, work, agent
):
    hub.fault("refuse_everything", operation="submit")
    item = sell()
    work()
    [task] = MarketTask.objects.filter(kind=TaskKind.MESSAGE_STOPPED)
    assert task.period.pod == item.pod
    [stopped] = Delivery.objects.filter(destination="market", state="PARKED")
    mending.cancel(delivery=stopped, actor=agent, reason="typed twice")
    work()

    period = SupplyPeriod.objects.get(pod=item.pod)
    assert period.status == PeriodStatus.REJECTED
    hub.control("DELETE", "faults")
    claim_again(period=period, version=None, actor=agent)
    work()
    assert SupplyPeriod.objects.get(pod=item.pod).status == PeriodStatus.CONFIRMED


def test_an_answer_to_what_was_given_up_here_is_a_task(hub, sell, work):
    item = sell()
    drain("market-planning")
    drain("market")
    Delivery.objects.filter(destination="market").update(state="CANCELLED")
    receiving.collect()

    task = MarketTask.objects.get(kind=TaskKind.DIFFERS)
    assert task.period == SupplyPeriod.objects.get(pod=item.pod)
    assert "given up here" in task.text
