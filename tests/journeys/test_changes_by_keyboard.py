"""What customers call about most: each in three screens at most, and without the mouse."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from access.models import User
from accounts.models import Account, BusinessAgreement
from billing_sync.models import BudgetPlanChange, PaymentArrangement
from billing_sync.services.arranging import earliest_debit
from billing_sync.services.standing import refresh_all
from contracts.choices import EndReason
from contracts.models import ContractItem
from interactions.services.confirming import confirm_agreement
from interactions.services.contacts import open_contact
from interactions.services.noting import verify_caller
from tests.journeys.keys import Keyboard
from tests.journeys.walking import IBAN
from tests.support.browsing import TELEPHONE
from tests.support.live import Stack
from tests.support.programs import until
from utilcrm import clock

pytestmark = [pytest.mark.browser, pytest.mark.covers("C-46", "B-17")]

MOST_SCREENS = 3


@pytest.fixture
def customer() -> str:
    """Who calls: somebody who pays by direct debit, and of whom two debits have bounced."""
    return "Daniel Okonkwo"


@pytest.fixture
def agreement(book: Stack, customer: str) -> BusinessAgreement:
    """The customer's business agreement, as the ERP has told it."""
    first, last = customer.split()
    rows = BusinessAgreement.objects.select_related("account")
    return rows.get(account__first_name=first, account__last_name=last)


@pytest.fixture
def keys(agreement: BusinessAgreement, agent: User, page_of: Callable[..., Page]) -> Keyboard:
    """An agent's keyboard before the overview of a customer who is confirmed and verified."""
    contact = open_contact(agent=agent)
    confirm_agreement(agreement=agreement, agent=agent, interaction=contact)
    verify_caller(interaction=contact, agent=agent, points=["NAME", "ADDRESS", "BIRTH_DATE"])
    page = page_of(agent, reverse("interactions:contact", args=[contact.uuid]))
    expect(page.get_by_role("heading", level=1)).to_have_text(agreement.account.name)
    return Keyboard(page)


def told(live: Stack, kind: str) -> list[dict[str, str]]:
    """Return what the ERP has taken of a kind of message, with its words."""
    entries = live.erp.get(f"ledger?client={live.variant}&bodies=1")
    return [one for one in entries if one["kind"] == kind and one["effect"] != "none"]


def is_told(live: Stack, kind: str, words: str) -> bool:
    """Tell whether the ERP has made what a message with these words asks for."""
    return any(words in one["body"] for one in told(live, kind))


def look(page: Page, fair: Callable[[Page], None]) -> None:
    """Judge a page at the agent's screen and at a telephone's."""
    fair(page)
    wide = page.viewport_size
    page.set_viewport_size(TELEPHONE)
    fair(page)
    page.set_viewport_size(wide)


def test_a_payment_is_taken_and_the_erp_debits_the_account_it_has(
    keys: Keyboard, agreement: BusinessAgreement, live: Stack, fair: Callable[[Page], None]
) -> None:
    page = keys.page
    keys.press("c", "d")
    expect(page.get_by_role("button", name="Debit the bank account")).to_be_focused()
    look(page, fair)
    keys.press("Enter")
    expect(page.locator("#standing")).to_contain_text("Payment by direct debit")
    assert keys.screens <= MOST_SCREENS

    until(lambda: PaymentArrangement.objects.filter(status="CONFIRMED").exists(), seconds=60)
    taken = PaymentArrangement.objects.get()
    assert taken.payments == [(earliest_debit(), taken.amount)]
    [entry] = told(live, "PaymentArrangementERPCreateRequest")
    assert entry["external_reference"] == str(taken.uuid)
    assert "DIRECT_DEBIT" in entry["body"]
    assert agreement.iban not in entry["body"]
    refresh_all([agreement])
    assert not agreement.open_items.filter(due_on__lt=clock.today()).exists()


def test_the_bank_account_is_changed(
    keys: Keyboard, agreement: BusinessAgreement, live: Stack
) -> None:
    keys.press("c", "b")
    expect(keys.page.locator("#id_iban")).to_be_focused()
    keys.type(IBAN)
    keys.press("Enter")
    expect(keys.page.locator("#agreements")).to_contain_text(IBAN[-4:])
    assert keys.screens <= MOST_SCREENS

    assert BusinessAgreement.objects.get(pk=agreement.pk).iban == IBAN
    until(partial(is_told, live, "ContractAccountERPChangeRequest", IBAN), seconds=60)


def test_name_and_address_are_changed(
    keys: Keyboard, agreement: BusinessAgreement, live: Stack
) -> None:
    account = agreement.account
    keys.press("c", "n")
    expect(keys.page.locator("#id_first_name")).to_be_focused()
    keys.tab_to("id_last_name")
    keys.type("Quillfeather")
    keys.tab_to("id_house_number")
    keys.type("117b")
    keys.press("Enter")
    expect(keys.page.get_by_role("heading", level=1)).to_contain_text("Quillfeather")
    assert keys.screens <= MOST_SCREENS

    now = Account.objects.get(pk=account.pk)
    assert (now.first_name, now.last_name) == (account.first_name, "Quillfeather")
    assert (now.street, now.house_number) == (account.street, "117b")
    until(partial(is_told, live, "BusinessPartnerERPChangeRequest", "Quillfeather"), seconds=60)
    assert is_told(live, "BusinessPartnerERPChangeRequest", "117b")


def test_the_instalment_is_changed_within_the_range_that_the_erp_gives(
    keys: Keyboard, agreement: BusinessAgreement, live: Stack, fair: Callable[[Page], None]
) -> None:
    keys.press("g", "i")
    amount = keys.page.get_by_label("Monthly instalment")
    expect(amount).to_be_focused()
    look(keys.page, fair)
    wished = Decimal(amount.input_value()) + 2
    keys.type(str(wished))
    keys.press("Enter")
    expect(keys.page.get_by_text("Confirmed by the ERP")).to_be_visible()
    assert keys.screens <= MOST_SCREENS

    change = BudgetPlanChange.objects.get(agreement=agreement)
    assert (change.amount, change.status) == (wished, "CONFIRMED")
    [entry] = told(live, "BudgetBillingPlanERPChangeRequest")
    assert entry["external_reference"] == str(change.uuid)


@pytest.mark.covers("B-17c", "C-02")
@pytest.mark.parametrize("customer", ["Margaret Ashworth"])
def test_the_product_is_changed_without_a_gap(
    keys: Keyboard, agreement: BusinessAgreement, live: Stack, fair: Callable[[Page], None]
) -> None:
    page = keys.page
    keys.press("c", "p")
    # electricity and gas: which of them?
    expect(page.get_by_role("heading", name="Which contract?")).to_be_visible()
    keys.press("Enter")
    offers = page.get_by_role("radio")
    expect(offers.first).to_be_focused()
    look(page, fair)
    [process] = agreement.account.contract_processes.all()
    supply = process.contract.items.get()
    keys.press("Space")
    while (page.locator(":focus").get_attribute("value") or "").startswith(supply.product.code):
        keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Change the product")).to_be_focused()
    look(page, fair)
    keys.press("Enter")
    expect(page.get_by_text("Confirmed by the ERP").first).to_be_visible(timeout=60_000)
    assert keys.screens <= MOST_SCREENS

    old, new = ContractItem.objects.filter(contract=process.contract).order_by("starts_on")
    assert old.ends_on == new.starts_on > clock.today()
    assert old.end_reason == EndReason.PRODUCT_CHANGE
    assert new.product != supply.product
    assert len(told(live, "UtilitiesContractERPChangeRequest")) == 1
    assert len(told(live, "UtilitiesContractERPCreateRequest")) == 1
