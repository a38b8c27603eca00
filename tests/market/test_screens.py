"""The market's screens: each opens, shows what it should, and does one thing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from market.choices import MessageStatus, PeriodStatus, TaskKind
from market.models import MarketTask, RegisterMessage, SupplyPeriod
from market.services.tasking import open_task
from tests.factories.accounts import BusinessAgreementFactory, OrganisationFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(hub, sell, work) -> SupplyPeriod:
    """A claim that the register has refused."""
    item = sell(last="05")
    work()
    found: SupplyPeriod = SupplyPeriod.objects.get(pod=item.pod)
    return found


@pytest.fixture
def clerk_at(client_for, clerk):
    return client_for(clerk)


@pytest.mark.covers("C-28")
def test_a_clerk_finds_a_refused_claim_in_the_list_and_claims_again(
    refused, clerk_at, django_assert_num_queries
):
    page = reverse("market:period", args=[refused.uuid])
    listed = clerk_at.get(reverse("market:tasks"))
    assert "Another change of supplier is under way." in listed.content.decode()
    assert page in listed.content.decode()

    shown = clerk_at.get(page).content.decode()
    assert "Claim rejected" in shown
    assert reverse("market:claim_again", args=[refused.uuid]) in shown

    version = SupplyPeriod.objects.get(pk=refused.pk).version
    done = clerk_at.post(reverse("market:claim_again", args=[refused.uuid]), {"version": version})
    assert done.status_code == 302
    assert done.headers["Location"] == page
    assert SupplyPeriod.objects.get(pk=refused.pk).status == PeriodStatus.PLANNED
    assert not MarketTask.objects.filter(kind=TaskKind.CLAIM_REJECTED, status="OPEN").exists()

    again = clerk_at.post(reverse("market:claim_again", args=[refused.uuid]), {"version": ""})
    assert again.status_code == 422
    assert "has not refused this claim" in again.content.decode()


def test_the_contract_says_in_one_sentence_where_the_register_stands(
    refused, client_for, agent, settings
):
    shown = client_for(agent).get(reverse("contracts:detail", args=[refused.contract.uuid]))

    text = shown.content.decode()
    assert "Another change of supplier is under way." in text
    assert reverse("market:period", args=[refused.uuid]) in text


def test_the_lists_ask_as_little_for_many_rows_as_for_one(refused, clerk_at, sell, work):
    addresses = [
        *(reverse(f"market:{name}") for name in ("tasks", "periods", "messages", "disconnections")),
        reverse("market:endpoint"),
        reverse("market:period", args=[refused.uuid]),
    ]

    def counted(address: str) -> int:
        clerk_at.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert clerk_at.get(address).status_code == 200
        return len(asked)

    before = [counted(address) for address in addresses]
    for n in (2, 3):
        sell(last="05", n=n)
    work()

    assert [counted(address) for address in addresses] == before
    assert max(before) <= 14


def test_a_task_is_taken_over_given_back_and_done_with_a_note(refused, clerk_at, clerk):
    task = MarketTask.objects.get(kind=TaskKind.CLAIM_REJECTED)

    clerk_at.post(reverse("market:task_take", args=[task.uuid]))
    assert MarketTask.objects.get(pk=task.pk).assigned_to == clerk
    clerk_at.post(reverse("market:task_take", args=[task.uuid]))
    assert MarketTask.objects.get(pk=task.pk).assigned_to is None

    empty = clerk_at.post(reverse("market:task_done", args=[task.uuid]), {"note": ""})
    assert empty.status_code == 422
    clerk_at.post(reverse("market:task_done", args=[task.uuid]), {"note": "called them"})
    done = MarketTask.objects.get(pk=task.pk)
    assert (done.status, done.note, done.closed_by) == ("DONE", "called them", clerk)


@pytest.mark.parametrize(("days", "offered"), [(10, True), (-10, False)])
def test_only_what_can_be_taken_back_is_offered_and_it_says_what(
    endpoint, sell, clerk_at, days, offered
):
    item = sell(days=days)
    made = SupplyPeriod.objects.create(
        pod=item.pod,
        account=item.contract.account,
        contract=item.contract,
        starts_on=item.starts_on,
        claim_reason="SWITCH",
        status=PeriodStatus.CONFIRMED,
    )
    address = reverse("market:take_back", args=[made.uuid])
    shown = clerk_at.get(reverse("market:period", args=[made.uuid])).content.decode()

    assert (address in shown) is offered
    asked = clerk_at.get(address).content.decode()
    assert item.pod.external_id in asked
    assert "The claim of the supply from" in asked


def test_a_message_is_shown_as_it_says_and_as_it_was_on_the_wire(refused, clerk_at):
    answer = RegisterMessage.objects.get(direction="IN")

    shown = clerk_at.get(reverse("market:message", args=[answer.uuid])).content.decode()

    assert "&lt;" in shown
    assert "Another change of supplier is under way." in shown


def test_what_belongs_to_another_segment_is_not_there(refused, client_for, regional_manager, sell):
    firm = OrganisationFactory()
    BusinessAgreementFactory(account=firm)
    task = open_task(TaskKind.DIFFERS, text="secret words", segment="CORPORATE", pod=refused.pod)
    period = SupplyPeriod.objects.create(
        pod=refused.pod,
        account=firm,
        contract=refused.contract,
        starts_on=clock.today() + dt.timedelta(days=90),
        claim_reason="SWITCH",
    )
    message = RegisterMessage.objects.create(
        direction="OUT",
        kind="CLAIM",
        status=MessageStatus.QUEUED,
        segment="CORPORATE",
        at=clock.now(),
    )
    regional_manager.is_superuser = False
    browser = client_for(regional_manager)

    assert browser.get(reverse("market:period", args=[refused.uuid])).status_code == 200
    assert browser.get(reverse("market:period", args=[period.uuid])).status_code == 404
    assert browser.get(reverse("market:message", args=[message.uuid])).status_code == 404
    assert browser.get(reverse("market:task_done", args=[task.uuid])).status_code == 404
