"""A whole call by keyboard: who is it, is it really them, another bank account, wrap-up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from access.models import User
from accounts.models import BusinessAgreement
from interactions.models import Interaction
from tests.journeys import walking
from tests.journeys.keys import Keyboard
from tests.support.live import Stack
from tests.support.programs import until

pytestmark = pytest.mark.browser

MOST_STROKES = 25


@pytest.mark.covers("B-20", "A-12", "B-17", "C-46")
def test_a_call_about_another_bank_account_takes_25_keystrokes_at_most(
    book: Stack, agent: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    agreement = BusinessAgreement.objects.select_related("account").get(
        account__first_name="Daniel", account__last_name="Okonkwo"
    )
    name = agreement.account.name
    desk = page_of(agent)
    keys = Keyboard(desk)
    # From a number that nobody has, so that the customer has to be looked for.
    walking.ring(book, walking.NEWCOMERS_NUMBER)
    expect(desk.locator("#live .ringing")).to_be_visible()
    keys.press("Alt+a")
    expect(walking.context_bar(desk)).to_contain_text("Wrap up")

    # Identify.
    keys.press("/")
    keys.type(agreement.number)
    expect(desk.locator("#search-results")).to_contain_text(name)
    keys.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(name)
    keys.press("Alt+c")
    expect(walking.context_bar(desk)).to_contain_text(name)

    # The bank account is closed to strangers: verify, and it goes on with it.
    keys.press("c", "b")
    expect(desk.get_by_role("heading", name="Verify the caller")).to_be_visible()
    assert "/verify/" in desk.url
    keys.press("1", "2", "3")
    for nth in range(3):
        expect(desk.get_by_role("checkbox").nth(nth)).to_be_checked()
    fair(desk)
    keys.press("Enter")

    # Change the bank account.
    expect(desk.locator("#id_iban")).to_be_focused()
    keys.type(walking.IBAN)
    keys.press("Enter")
    expect(desk.locator("#agreements")).to_contain_text(walking.IBAN[-4:])
    expect(walking.context_bar(desk)).to_contain_text("Caller verified")

    # Wrap up: the reason follows from what was done.
    keys.press("Alt+w")
    expect(desk.get_by_role("button", name="Close contact")).to_be_focused()
    expect(desk.get_by_label("Reason")).to_have_value("CHANGE_OF_DATA")
    keys.press("Enter")
    expect(desk.get_by_role("heading", name="Your open contacts")).to_be_visible()
    assert keys.strokes <= MOST_STROKES

    contact = Interaction.objects.select_related("reason").get()
    assert (contact.account, contact.agreement) == (agreement.account, agreement)
    assert contact.verified_at is not None
    assert contact.verified_points == ["ACCOUNT_NUMBER", "ADDRESS", "NAME"]
    assert (contact.status, contact.result) == ("CLOSED", "RESOLVED")
    assert contact.reason is not None
    assert contact.reason.code == "CHANGE_OF_DATA"
    assert BusinessAgreement.objects.get(pk=agreement.pk).iban == walking.IBAN
    until(partial(_has_got, book, walking.IBAN), seconds=60)


def _has_got(live: Stack, iban: str) -> bool:
    entries = live.erp.get(f"ledger?client={live.variant}&bodies=1")
    return any(
        one["kind"] == "ContractAccountERPChangeRequest"
        and one["effect"] != "none"
        and iban in one["body"]
        for one in entries
    )
