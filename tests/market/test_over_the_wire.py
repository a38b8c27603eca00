"""What contracts mean for the register, over a socket, judged by the register's own ledger."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from contracts.choices import ProcessKind
from contracts.models import ContractItem
from contracts.services.processes.drafting import start_process
from contracts.services.processes.ends import end_due_items
from contracts.services.processes.releasing import release
from market.choices import PeriodStatus, TaskKind
from market.models import MarketTask, SupplyPeriod
from market.services import following
from market.services.mending import claim_again
from tests.contracts.lives import BILL, confirm
from utilcrm import clock

pytestmark = pytest.mark.django_db


def kinds(hub, client: str = "unified") -> list[str]:
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
def test_an_activated_supply_is_claimed_once_however_often_it_is_told(hub, sell, work):
    item = sell()
    work()
    following._plan([item.pod_id])
    work()

    assert kinds(hub) == ["CLAIM"]
    assert period_of(item).status == PeriodStatus.CONFIRMED


@pytest.mark.covers("C-28")
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
