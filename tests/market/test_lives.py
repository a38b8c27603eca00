"""What contracts mean for the register, over a socket, judged by the register's own ledger."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import time_machine
from django.urls import reverse

from contracts.choices import ContractSource, ProcessKind
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.ends import end_due_items
from contracts.services.processes.releasing import release
from contracts.services.processes.undoing import undo
from events.services.draining import drain
from market.choices import Codec, PeriodStatus, TaskKind
from market.models import MarketEndpoint, MarketTask, SupplyPeriod
from market.services import following
from market.services.mending import claim_again, take_back
from tests.contracts.lives import BILL, confirm
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


both_languages = pytest.mark.parametrize("codec", Codec.values, indirect=True)
at_a_hub = pytest.mark.parametrize("codec", [Codec.CIM], indirect=True)
"""The languages themselves are proven message by message in `wire`."""


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
@at_a_hub
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
@at_a_hub
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
    following.plan_changed_supplies()
    work()

    assert kinds(hub) == ["CLAIM", "NOTICE", "NOTICE_BACK"]
    assert period_of(item).status == PeriodStatus.CONFIRMED


@pytest.mark.covers("C-28")
@at_a_hub
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
def test_who_follows_a_customer_of_ours_is_told_as_a_move_in(hub, sell, work, agent):
    first = sell(days=-20)
    work()
    terminate(first, agent, 5)
    work()
    second = AccountFactory()
    BusinessAgreementFactory(account=second)
    sell(days=5, whose=second)
    work()

    assert kinds(hub) == ["CLAIM", "NOTICE", "CLAIM"]
    told = SupplyPeriod.objects.get(account=second)
    assert (told.claim_reason, told.status) == ("MOVE_IN", PeriodStatus.CONFIRMED)
