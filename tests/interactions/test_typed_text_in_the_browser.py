"""What an agent types outlives a reload, the back button, a lapsed log-in and a crash."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Error, Page, expect

from interactions.services.contacts import open_contact
from tests.factories.accounts import AccountFactory
from tests.support.people import PASSWORD
from tests.support.programs import until

pytestmark = pytest.mark.browser

TYPED = "We check the meter"


def test_whatever_happens_to_the_page_nothing_typed_is_lost(
    live: Any, page_of: Any, agent: Any
) -> None:
    contact = open_contact(agent=agent)
    contact.confirm(account=AccountFactory(first_name="Ada", last_name="Byron"))
    form = reverse("service:promise_new", args=[contact.account.uuid])
    page: Page = page_of(agent, f"/contacts/{contact.uuid}/")
    page.goto(form)
    page.locator("#id_text").press_sequentially(TYPED)
    page.reload()
    expect(page.locator("#id_text")).to_have_value(TYPED)

    page.goto("/queue/")
    page.go_back()
    expect(page.locator("#id_text")).to_have_value(TYPED)

    Session.objects.all().delete()
    page.get_by_role("button", name="Promise", exact=True).click()
    page.get_by_label("Username").fill(agent.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#id_text")).to_have_value(TYPED)
    expect(page.locator("#context-bar")).to_contain_text("Ada Byron")

    page.locator("#id_text").press("End")
    page.keyboard.type("!")
    until(lambda: f"{TYPED}!" in page.evaluate("JSON.stringify(localStorage)"), seconds=5)
    beside = page.context.new_page()
    beside.goto(form)
    expect(beside.locator("#id_text")).to_have_value("")
    with suppress(Error):
        page.goto("chrome://crash")
    beside.goto(form)
    expect(beside.locator("#id_text")).to_have_value(f"{TYPED}!")
    expect(beside.locator(".draft-note")).to_be_visible()
