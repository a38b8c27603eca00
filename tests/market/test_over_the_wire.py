"""What contracts mean for the register, over a socket, judged by the register's own ledger."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from contracts.choices import ContractSource, ProcessKind
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.ends import end_due_items
from contracts.services.processes.releasing import release
from contracts.services.processes.undoing import undo
from devices.models import MeterReading
from devices.services.replacing import tell_replacements
from events.services.draining import drain
from market.choices import Codec, PeriodStatus, TaskKind
from market.gateway.contract import Received
from market.models import MarketEndpoint, MarketTask, RegisterMessage, SupplyPeriod
from market.services import following, receiving
from market.services.mending import claim_again, take_back
from market.services.watching import watch_deadlines
from tests.contracts.lives import BILL, confirm
from tests.factories.devices import DeviceInfoRecordFactory, RegisterFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


both_languages = pytest.mark.parametrize("codec", Codec.values, indirect=True)


def kinds(hub) -> list[str]:
    client = MarketEndpoint.objects.get().username
    return [entry["kind"] for entry in hub.ledger(client)]


def period_of(item: ContractItem) -> SupplyPeriod:
    return SupplyPeriod.objects.filter(pod=item.pod).latest("pk")


def terminate(item: ContractItem, actor, days: int, reason: str = "MUTUAL"):
    process = start_process(
        kind=ProcessKind.TERMINATION_CUSTOMER,
        account=item.contract.account,
        contract=item.contract,
        actor=actor,
    )
    day = (clock.today() + dt.timedelta(days=days)).isoformat()
    facts = {"ends_on": day, "reason": reason, **BILL}
    released = release(process=process, facts=facts, version=None, actor=actor)
    confirm(released)
    return released


@pytest.mark.covers("C-28")
@both_languages
def test_an_activated_supply_is_claimed_once_however_often_it_is_told(hub, sell, work):
    item = sell()
    work()
    following._plan([item.pod_id])
    work()

    assert kinds(hub) == ["CLAIM"]
    assert period_of(item).status == PeriodStatus.CONFIRMED


@pytest.mark.covers("C-28")
@both_languages
def test_a_refused_claim_says_why_is_a_task_and_is_claimed_again_by_a_person(
    hub, sell, work, agent
):
    item = sell(last="05")
    work()

    period = period_of(item)
    assert period.status == PeriodStatus.REJECTED
    assert period.objections[0]["text"] == "Another change of supplier is under way."
    [task] = MarketTask.objects.filter(kind=TaskKind.CLAIM_REJECTED)
    assert task.due_on == item.starts_on

    following._plan([item.pod_id])
    work()
    assert kinds(hub) == ["CLAIM"], "it is not claimed again by itself"

    claim_again(period=period, version=None, actor=agent)
    work()
    assert kinds(hub) == ["CLAIM", "CLAIM"]


@pytest.mark.covers("C-31")
@both_languages
def test_an_end_is_announced_at_once_and_told_on_its_day(hub, sell, work, agent):
    item = sell(days=-10)
    work()
    terminate(item, agent, 30)
    work()

    assert kinds(hub) == ["CLAIM", "NOTICE"]
    assert period_of(item).status == PeriodStatus.ENDING
    with time_machine.travel(clock.now() + dt.timedelta(days=29)):
        following.plan_due_ends()
        work()
        assert kinds(hub) == ["CLAIM", "NOTICE"]
    with time_machine.travel(clock.now() + dt.timedelta(days=30)):
        end_due_items()
        following.plan_due_ends()
        work()
        assert kinds(hub) == ["CLAIM", "NOTICE", "END"]
        ended = period_of(item)
        assert (ended.status, ended.end_reason) == (PeriodStatus.ENDED, "AGREEMENT")


@pytest.mark.covers("C-31")
def test_an_end_that_is_undone_is_taken_back_and_the_supply_goes_on(hub, sell, work, agent):
    item = sell(days=-10)
    work()
    process = terminate(item, agent, 30)
    work()
    confirm(undo(process=process, note="a slip", actor=agent))
    following.plan_open_periods()
    work()

    assert kinds(hub) == ["CLAIM", "NOTICE", "NOTICE_BACK"]
    assert period_of(item).status == PeriodStatus.CONFIRMED


@pytest.mark.covers("C-28")
@both_languages
def test_a_wrong_claim_is_taken_back_before_its_day_and_stays_so(hub, sell, work, agent):
    item = sell()
    work()
    take_back(period=period_of(item), version=None, reason="wrong point", actor=agent)
    work()
    following._plan([item.pod_id])
    work()

    assert kinds(hub) == ["CLAIM", "WITHDRAWAL"]
    assert period_of(item).status == PeriodStatus.WITHDRAWN
    claim_again(period=period_of(item), version=None, actor=agent)
    work()
    assert kinds(hub) == ["CLAIM", "WITHDRAWAL", "CLAIM"]


def test_a_claim_that_has_not_left_the_house_is_called_off_with_its_contract(hub, sell, work):
    hub.fault("refuse_connection")
    item = sell()
    drain("market-planning")
    drain("market", budget=1)
    ContractItem.objects.filter(pk=item.pk).update(ends_on=item.starts_on, status="ENDED")
    following._plan([item.pod_id])
    hub.control("DELETE", "faults")
    time.sleep(0.05)
    work()

    assert kinds(hub) == []
    assert period_of(item).status == PeriodStatus.WITHDRAWN


@pytest.mark.covers("C-16")
def test_what_was_loaded_from_elsewhere_is_not_claimed_but_its_end_is_told(hub, sell, work, agent):
    item = sell(days=-30)
    Contract.objects.filter(pk=item.contract_id).update(source=ContractSource.ERP)
    work()
    assert kinds(hub) == []

    terminate(item, agent, 20)
    following._plan([item.pod_id])
    work()
    # the register of the sandbox did not know it: its word is a task, and nothing is repeated
    assert kinds(hub) == ["NOTICE"]
    assert period_of(item).is_initial
    following._plan([item.pod_id])
    work()
    assert kinds(hub) == ["NOTICE"]
    assert MarketTask.objects.filter(kind=TaskKind.MESSAGE_REJECTED).count() == 1


@pytest.mark.covers("C-28")
@both_languages
def test_a_loss_becomes_a_task_with_the_end_of_our_supply_filled_in(
    hub, sell, work, agent, client_for
):
    item = sell(days=-10)
    work()
    day = clock.today() + dt.timedelta(days=15)
    hub.act(
        MarketEndpoint.objects.get().username, "claim", item.pod.external_id, on=day.isoformat()
    )
    work()

    period = period_of(item)
    assert (period.status, period.ends_on) == (PeriodStatus.LOST, day)
    assert MarketTask.objects.get(kind=TaskKind.SUPPLY_LOST).due_on == day
    address = reverse("market:end_lost", args=[period.uuid])
    answer = client_for(agent).post(address, {"version": period.version})
    assert answer.status_code == 302
    process = ContractProcess.objects.get(kind=ProcessKind.END_OF_SUPPLY)
    assert process.data["end"]["ends_on"] == [day.isoformat()]
    following._plan([item.pod_id])
    work()
    assert kinds(hub) == ["CLAIM"], "the register knows it already"


@pytest.mark.covers("C-28")
@pytest.mark.parametrize("fault", ["commit_then_drop", "http_503_html", "malformed_xml"])
def test_trouble_on_the_way_gives_one_claim(hub, sell, work, fault):
    hub.fault(fault, operation="submit", times=1)
    item = sell()
    for _try in range(4):
        work()
        time.sleep(0.02)

    assert kinds(hub) == ["CLAIM"]
    assert period_of(item).status == PeriodStatus.CONFIRMED


def test_answers_that_come_twice_change_nothing_twice(hub, sell, work):
    hub.fault("duplicate_delivery", operation="queue")
    item = sell()
    work()

    assert period_of(item).status == PeriodStatus.CONFIRMED
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

    assert kinds(hub) == ["CLAIM", "METER"]
    told = hub.ledger("unified")[-1]["told"]
    assert "OLD1" in str(told)
    assert "NEW1" in str(told)
    assert "900" in str(told)


def test_an_answer_that_is_late_becomes_a_task_once(hub, sell, work):
    hub.fault("late_answer", operation="queue", seconds=3600)
    sell()
    work()
    assert watch_deadlines() == 0
    with time_machine.travel(clock.now() + dt.timedelta(hours=40)):
        assert watch_deadlines() == 1
        assert watch_deadlines() == 0
