"""A new account in a real browser, as an agent on the phone makes it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Account
from accounts.services.creating import create_account
from tests.accounts.test_creating import facts

pytestmark = pytest.mark.browser


@pytest.mark.covers("B-04")
def test_an_agent_types_sees_who_is_there_already_and_goes_on(
    page_of: Callable[..., Page], agent
) -> None:
    known = create_account(facts=facts(), actor=agent)
    page = page_of(agent, "/accounts/new/?phone=%2B447400123456")

    expect(page.get_by_label("Telephone").first).to_have_value("+44 7400 123456")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Lovelase")
    page.get_by_label("Postcode").fill("nw16xe")
    page.get_by_label("Town").fill("London")
    page.get_by_role("textbox", name="Street").fill("Baker Street")

    match = page.get_by_role("link", name="Ada Lovelace", exact=True)
    expect(match).to_have_attribute("href", re.compile(str(known.uuid)))
    expect(page.get_by_label("Postcode")).to_have_value("NW1 6XE")

    page.get_by_label("IBAN").fill("GB82 WEST 1234 5698 7654 33")
    page.get_by_label("Account holder").focus()
    expect(page.get_by_text("The check digits (3rd and 4th character)")).to_be_visible()
    page.get_by_label("Payment method").select_option("TRANSFER")
    expect(page.get_by_label("IBAN")).to_be_hidden()

    page.get_by_label("I have looked").check()
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.get_by_label("First name").press("Enter")

    page.wait_for_url(re.compile(r"/accounts/[0-9a-f-]{36}/"))
    expect(page.get_by_role("heading", name="Ada Lovelase")).to_be_visible()
    assert Account.objects.count() == 2


def test_an_organisation_is_asked_for_its_name_only(page_of: Callable[..., Page], agent) -> None:
    page = page_of(agent, "/accounts/new/")

    expect(page.locator("#id_organisation_name")).to_be_hidden()
    page.get_by_role("radio", name="Organisation").check(force=True)

    expect(page.get_by_role("textbox", name="Organisation")).to_be_visible()
    expect(page.get_by_label("Last name")).to_be_hidden()
