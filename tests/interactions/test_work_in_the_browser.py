"""The queue, the guard and the figures in a real Chromium: by keyboard, and usable by everybody."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from interactions.models import Call, WorkItem
from interactions.services.contacts import open_contact
from interactions.services.work.offering import distribute
from service.models import Promise
from tests.factories.accounts import AccountFactory
from tests.factories.work import task, there
from tests.support.accessibility import OF_COLOURS, RULES, barriers
from tests.support.browsing import AGENTS_SCREEN, TELEPHONE
from utilcrm import clock

pytestmark = pytest.mark.browser


def contact_with(agent: Any, first: str, last: str) -> Any:
    contact = open_contact(agent=agent, channel="EMAIL")
    contact.confirm(account=AccountFactory(first_name=first, last_name=last))
    return contact


def look(page: Page, paths: list[str]) -> None:
    """Look at pages in both sizes: no barrier, nothing wider than the screen."""
    root = re.match(r"https?://[^/]+", page.url)
    assert root is not None
    for size, rules in ((AGENTS_SCREEN, RULES), (TELEPHONE, OF_COLOURS)):
        page.set_viewport_size(size)
        for path in paths:
            page.goto(f"{root[0]}{path}")
            assert barriers(page, rules) == [], path
            wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wider, f"{path} is wider than {size['width']}"


@pytest.mark.covers("B-01")
@pytest.mark.covers("N-04")
def test_work_is_taken_by_keyboard_and_another_customers_form_asks(
    live: Any, agent: Any, page_of: Any
) -> None:
    page: Page = page_of(agent)
    menu = page.locator("#presence-menu")
    expect(page.locator("#work")).to_be_visible()
    page.keyboard.press("Alt+p")
    expect(menu).to_be_visible()
    menu.get_by_role("button", name="Ready", exact=True).press("Enter")
    expect(page.locator(".presence")).to_contain_text("Ready")

    task("Ring the grid operator")
    distribute()
    expect(page.locator(".ringing")).to_contain_text("Ring the grid operator")
    page.keyboard.press("Alt+a")
    expect(page.get_by_role("heading", name="In your hands")).to_be_visible()
    assert WorkItem.objects.get().accepted_by == agent

    ada, grace = (contact_with(agent, *name) for name in (("Ada", "Byron"), ("Grace", "Hopper")))
    page.goto(f"{live.url}/contacts/{ada.uuid}/")
    page.goto(live.url + reverse("service:promise_new", args=[ada.account.uuid]))
    page.locator("#id_text").fill("We check the meter")
    page.locator("#id_due_on").fill(str(clock.today() + dt.timedelta(days=30)))
    beside = page.context.new_page()
    beside.goto(f"{live.url}/contacts/{grace.uuid}/")
    page.locator("#id_due_on").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Whose concern is this?")
    expect(page.locator(".both-contacts")).to_contain_text("Ada Byron")
    expect(page.locator(".both-contacts")).to_contain_text("Grace Hopper")
    assert not Promise.objects.exists()
    assert barriers(page, RULES) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("We check the meter").first).to_be_visible()
    assert Promise.objects.get().interaction_uuid == ada.uuid
    expect(page.locator("#context-bar")).to_contain_text("Ada Byron")

    look(page, ["/", "/queue/", "/queue/tasks/new/", f"/contacts/{ada.uuid}/hand-over/"])


@pytest.mark.covers("A-14")
def test_the_wall_and_the_figures_are_usable_by_everybody(
    live: Any, agent: Any, supervisor: Any, page_of: Any
) -> None:
    there(agent)
    task("Ring the grid operator", queue="Sales")
    now = timezone.now()
    for number in range(4):
        call = Call.objects.create(
            call_id=f"c{number}",
            caller_number="+441134960177",
            queue="Sales" if number else "Faults",
            rang_at=now,
            answered_at=now if number else None,
            ended_at=now,
            status="ENDED" if number else "MISSED",
        )
        if number == 3:
            open_contact(agent=agent, call=call)
    page: Page = page_of(supervisor, "/wall/")
    expect(page.locator("#wall")).to_contain_text("Agent Tester")
    statistics = [f"/statistics/?by={by}" for by in ("queue", "agent", "hour")]
    look(page, ["/wall/", *statistics, "/statistics/calls/?outcome=all", "/queue/team/"])
    page.set_viewport_size(AGENTS_SCREEN)
    page.goto(f"{live.url}/statistics/?by=queue")
    expect(page.locator("canvas").first).to_be_visible()
    page.get_by_role("link", name="4", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(4)
    look(page, [reverse("interactions:abilities", args=[agent.pk])])
