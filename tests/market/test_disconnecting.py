"""Nobody is cut off who pays, is protected, or could reach nobody to have it undone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.services.protecting import ProtectionRefused, end_protection, protect
from billing_sync.models import Standing
from contracts.models import ContractItem
from market.choices import DisconnectionStatus
from market.models import DisconnectionOrder
from market.queries.calendar import first_working_day, why_no_disconnection_on
from market.services.disconnecting import (
    DisconnectionRefused,
    cancel_disconnection,
    earliest_cut,
    order_disconnection,
    restore_supply,
    tend_disconnections,
)
from utilcrm import clock

pytestmark = [pytest.mark.django_db, pytest.mark.covers("C-30")]
MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture
def supplied(hub, sell, work) -> ContractItem:
    """A supply that the register knows."""
    with time_machine.travel(MONDAY):
        item = sell(days=-20)
        work()
    return item


def owes(item: ContractItem, *, level: int = 3, overdue: str = "310.00") -> None:
    Standing.objects.update_or_create(
        agreement=item.contract.business_agreement,
        defaults={
            "currency": "GBP",
            "balance": Decimal(overdue),
            "overdue": Decimal(overdue),
            "credit_score": 10,
            "dunning_level": level,
            "as_of": clock.now(),
        },
    )


def order(item: ContractItem, actor, *, days: int = 7) -> DisconnectionOrder:
    day = clock.today() + dt.timedelta(days=days)
    return order_disconnection(contract=item.contract, cut_on=day, note="told twice", actor=actor)


def told(hub) -> list[str]:
    return [entry["kind"] for entry in hub.ledger("unified")[1:]]


@time_machine.travel(MONDAY)
def test_dunning_must_have_come_far_enough(supplied, agent):
    with pytest.raises(DisconnectionRefused, match="has not told"):
        order(supplied, agent)
    owes(supplied, level=2)
    with pytest.raises(DisconnectionRefused, match="level 2; a disconnection needs level 3"):
        order(supplied, agent)
    owes(supplied, overdue="0")
    with pytest.raises(DisconnectionRefused):
        order(supplied, agent)
    owes(supplied)
    assert order(supplied, agent).status == DisconnectionStatus.PLANNED
    with pytest.raises(DisconnectionRefused, match="under way already"):
        order(supplied, agent)


@time_machine.travel(MONDAY)
def test_a_protected_customer_is_not_cut_off(supplied, agent):
    owes(supplied)
    account = supplied.contract.account
    protect(account=account, kind="MEDICAL", since=clock.today(), actor=agent)
    with pytest.raises(DisconnectionRefused, match="medical"):
        order(supplied, agent)
    with pytest.raises(ProtectionRefused):
        protect(account=account, kind="SOCIAL", since=clock.today(), actor=agent)
    end_protection(account=account, actor=agent)
    assert order(supplied, agent).is_planned


@time_machine.travel(MONDAY)
@pytest.mark.parametrize(
    ("days", "why"), [(1, "earliest"), (4, "Friday"), (5, "weekend"), (31, "public holiday")]
)
def test_only_on_a_working_day_that_leaves_time_to_pay(supplied, agent, days, why):
    owes(supplied)
    with pytest.raises(DisconnectionRefused, match=why) as refused:
        order(supplied, agent, days=days)
    assert refused.value.field == "cut_on"


def test_the_day_before_a_holiday_is_none_either(tenant):
    assert why_no_disconnection_on(dt.date(2026, 12, 24))
    assert first_working_day(dt.date(2026, 12, 24)) == dt.date(2026, 12, 29)


def test_it_is_told_on_its_day_and_undone_when_everything_is_paid(supplied, agent, work, hub):
    with time_machine.travel(MONDAY):
        owes(supplied)
        planned = order(supplied, agent)
        tend_disconnections()
        work()
        assert told(hub) == []
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        tend_disconnections()
        tend_disconnections()
        work()
        assert told(hub) == ["CUT"]
        planned.refresh_from_db()
        assert planned.status == DisconnectionStatus.CUT
        with pytest.raises(DisconnectionRefused):
            cancel_disconnection(order=planned, version=None, reason="late", actor=agent)
        owes(supplied, level=0, overdue="0")
        tend_disconnections()
        work()
        assert told(hub) == ["CUT", "RESTORED"]
        planned.refresh_from_db()
        assert planned.status == DisconnectionStatus.RESTORED
        with pytest.raises(DisconnectionRefused):
            restore_supply(order=planned, version=None, actor=agent)


def test_who_has_paid_meanwhile_is_left_alone(supplied, agent, work, hub):
    with time_machine.travel(MONDAY):
        owes(supplied)
        planned = order(supplied, agent)
        owes(supplied, level=0, overdue="0")
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        tend_disconnections()
        work()
    assert told(hub) == []
    planned.refresh_from_db()
    assert planned.status == DisconnectionStatus.CANCELLED
    assert "level 0" in planned.outcome


def test_whoever_lives_there_now_is_not_cut_off_for_who_has_moved_out(supplied, agent, work, hub):
    with time_machine.travel(MONDAY):
        owes(supplied)
        planned = order(supplied, agent)
        ContractItem.objects.filter(pk=supplied.pk).update(ends_on=clock.today())
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        tend_disconnections()
        work()
    assert told(hub) == []
    planned.refresh_from_db()
    assert planned.status == DisconnectionStatus.CANCELLED
    assert "any more" in planned.outcome


def test_a_reconnection_that_the_register_refuses_is_asked_for_once(supplied, agent, work, hub):
    with time_machine.travel(MONDAY):
        owes(supplied)
        planned = order(supplied, agent)
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        tend_disconnections()
        work()
        # connected by the operator's own hand, unknown to us
        hub.act("unified", "reconnect", supplied.pod.external_id, delay=3600)
        owes(supplied, level=0, overdue="0")
        for _run in range(3):
            tend_disconnections()
            work()
    assert told(hub) == ["CUT", "RESTORED"]
    planned.refresh_from_db()
    assert planned.status == DisconnectionStatus.CUT


@time_machine.travel(MONDAY)
def test_the_screen_keeps_what_was_typed_and_says_at_the_field_what_is_wrong(
    supplied, clerk, client_for
):
    owes(supplied)
    browser = client_for(clerk)
    address = reverse("market:disconnect", args=[supplied.contract.uuid])
    assert earliest_cut().isoformat() in browser.get(address).content.decode()

    wrong = browser.post(address, {"cut_on": "2026-11-27", "note": "rang twice"})
    assert wrong.status_code == 422
    assert "rang twice" in wrong.content.decode()
    assert "Friday" in wrong.content.decode()
    assert browser.post(address, {"cut_on": "31.02.2026"}).status_code == 422

    done = browser.post(address, {"cut_on": "2026-11-30", "note": "rang twice"})
    assert done.status_code == 302
    planned = DisconnectionOrder.objects.get()
    listed = browser.get(reverse("market:disconnections")).content.decode()
    assert supplied.pod.external_id in listed
    cancel = reverse("market:disconnection_cancel", args=[planned.uuid])
    assert browser.post(cancel, {"reason": "", "version": planned.version}).status_code == 422
    assert browser.post(cancel, {"reason": "pays", "version": planned.version}).status_code == 302


def test_the_protection_page_protects_and_ends_it(account, clerk, agent, client_for):
    browser = client_for(agent)
    address = reverse("accounts:protection", args=[account.uuid])
    ahead = (clock.today() + dt.timedelta(days=2)).isoformat()
    assert browser.post(address, {"kind": "SOCIAL", "since": ahead}).status_code == 422
    today = clock.today().isoformat()
    assert browser.post(address, {"kind": "SOCIAL", "since": today}).status_code == 302
    assert "Protected since" in browser.get(address).content.decode()
    assert browser.post(address, {}).status_code == 302
    assert "is not protected" in browser.get(address).content.decode()
    assert client_for(clerk).get(address).status_code == 403
