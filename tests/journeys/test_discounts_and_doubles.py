"""What needs a second person, comes twice, or comes too late."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.models import User
from contracts.models import Contract
from quotations.models import Quotation, QuotationItem
from tests.journeys import walking
from tests.journeys.ordering import order, sent_offer
from tests.support.live import Stack
from tests.support.programs import until

pytestmark = pytest.mark.browser


@pytest.mark.covers("A-08", "C-48")
def test_a_discount_above_the_limit_waits_for_the_supervisor_and_then_goes_on(
    live: Stack,
    agent: User,
    supervisor: User,
    page_of: Callable[..., Page],
    fair: Callable[[Page], None],
) -> None:
    desk = page_of(agent)
    walking.ring(live, walking.NEWCOMERS_NUMBER)
    walking.answer(desk)
    walking.create_account(desk)
    walking.find_no_place(desk)
    walking.create_place(desk)
    walking.draw_up(desk)
    walking.fill_in_offer(desk, discount="12", why="Comes back from another supplier")
    expect(desk.locator("#quotation-summary")).to_contain_text("12 % is above your limit of 5 %")
    expect(desk.locator("#quotation-summary")).to_contain_text("your reason: Comes back")
    # What was typed saves itself; once all of it is, a page opened anew has it too.
    until(lambda: QuotationItem.objects.exclude(meter_serial="").count() == len(walking.METERS))
    desk.reload()
    desk.get_by_role("button", name="Ask for approval").click()
    expect(desk.locator("#quotation-state")).to_contain_text("A supervisor decides")
    fair(desk)
    expect(desk.get_by_role("button", name="Customer accepts")).to_have_count(0)

    office = page_of(supervisor, reverse("quotations:approvals"))
    expect(office.locator("main")).to_contain_text("Comes back from another supplier")
    fair(office)
    office.get_by_role("link", name="Decide").click()
    fair(office)
    office.get_by_role("button", name="Grant").click()
    office.wait_for_load_state()

    # The agent's page tells by itself, and the customer is still on the line.
    expect(desk.locator("#quotation-state")).not_to_contain_text("A supervisor decides")
    desk.goto(reverse("quotations:detail", args=[Quotation.objects.get().uuid]))
    go_on = desk.get_by_role("link", name="Go on with the draft")
    if go_on.count():
        go_on.click()
    desk.get_by_role("button", name=re.compile("Customer accepts")).click()
    expect(desk).to_have_url(re.compile(r"/contracts/[0-9a-f-]{36}/$"))
    assert Contract.objects.filter(quotation__status="ACCEPTED").count() == 2


@pytest.mark.covers("A-08")
def test_an_offer_that_ran_out_while_it_was_on_the_screen_is_refused_in_words(
    live: Stack, agent: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    quotation = sent_offer(agent)
    desk = page_of(agent, reverse("quotations:detail", args=[quotation.uuid]))
    expect(desk.get_by_role("button", name="Customer accepts")).to_be_visible()
    Quotation.objects.update(binding_until=timezone.now() - dt.timedelta(minutes=1))
    desk.get_by_role("button", name="Customer accepts").click()
    expect(desk.locator(".error-summary")).to_be_visible()
    assert not Contract.objects.exists()
    fair(desk)


@pytest.mark.covers("C-01")
def test_the_same_acceptance_sent_twice_makes_one_contract(
    live: Stack, agent: User, page_of: Callable[..., Page]
) -> None:
    quotation = sent_offer(agent)
    address = reverse("quotations:detail", args=[quotation.uuid])
    desk = page_of(agent, address)
    ended_at = desk.evaluate(
        """async () => {
          const form = [...document.forms].find((one) => one.action.includes("/accept/"));
          const body = new FormData(form);
          const sent = [1, 2].map(() => fetch(form.action, {method: "POST", body}));
          return (await Promise.all(sent)).map((answer) => answer.url);
        }"""
    )
    contract = Contract.objects.get(quotation=quotation)
    assert {urlsplit(url).path for url in ended_at} == {
        reverse("contracts:detail", args=[contract.uuid])
    }


@pytest.mark.covers("N-01")
def test_the_second_of_two_agents_sees_both_values_and_loses_nothing(
    live: Stack,
    agent: User,
    supervisor: User,
    page_of: Callable[..., Page],
    fair: Callable[[Page], None],
) -> None:
    contract = order(agent)
    address = reverse("contracts:amend", args=[contract.uuid])
    first, second = page_of(supervisor, address), page_of(agent, address)
    for page, serial in ((first, "FIRST4711"), (second, "SECOND0815")):
        page.get_by_label("Meter number").fill(serial)
        page.get_by_role("button", name="Change and send anew").click()
    expect(second.locator(".conflict")).to_be_visible()
    expect(second.locator(".conflict")).to_contain_text("FIRST4711")
    expect(second.locator(".conflict")).to_contain_text("SECOND0815")
    expect(second.get_by_label("Meter number")).to_have_value("SECOND0815")
    fair(second)
    second.get_by_role("button", name="Change and send anew").click()
    expect(second).to_have_url(re.compile(rf"/contracts/{contract.uuid}/$"))
    assert contract.items.get().meter_serial == "SECOND0815"
