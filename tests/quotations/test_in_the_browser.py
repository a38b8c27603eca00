"""Drawing up an offer in a real Chromium, as an agent on the phone does: by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from contracts.models import Contract
from quotations.models import Quotation, QuotationItem
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory, EmailFactory
from tests.factories.premises import (
    GasPointOfDeliveryFactory,
    PointOfDeliveryFactory,
    PremiseFactory,
)
from tests.support.accessibility import barriers
from tests.support.programs import until

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live: Any, agent: Any, page_of: Any) -> Page:
    """The draft for a customer whose flat has power and gas, just begun by pressing Enter."""
    account = AccountFactory()
    EmailFactory(account=account, value="customer@example.com")
    BusinessAgreementFactory(account=account)
    premise = PremiseFactory()
    PointOfDeliveryFactory(premise=premise)
    GasPointOfDeliveryFactory(premise=premise)
    path = f"{reverse('quotations:create')}?account={account.uuid}&premise={premise.uuid}"
    page: Page = page_of(agent, path)
    expect(page.get_by_role("button", name="Draw up the quotation")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/edit/$"))
    return page


@pytest.fixture
def supplies(desk: Page) -> list[QuotationItem]:
    """Power, then gas."""
    return list(Quotation.objects.get().items.order_by("position"))


def tab_to(page: Page, element_id: str) -> None:
    """Press Tab until the element has the focus."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == element_id:
            return
    pytest.fail(f"Tab never reaches {element_id}")


def type_over(page: Page, text: str) -> None:
    """Replace what stands in the focused field."""
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def first_card(page: Page, item: QuotationItem) -> str:
    """Return the id of the first term of the first product."""
    cards = page.locator(f"[id='form-offer-{item.uuid}'] input[type=radio]")
    return str(cards.first.get_attribute("id"))


def await_saved(page: Page, item: QuotationItem, **facts: object) -> None:
    """Wait until the item holds these facts, and the page knows of it."""
    until(lambda: QuotationItem.objects.filter(pk=item.pk, **facts).exists())
    version = Quotation.objects.get(pk=item.quotation_id).version
    expect(page.locator("#quotation-version")).to_have_value(str(version))


def choose_first(page: Page, item: QuotationItem) -> None:
    """Reach the first card by Tab and choose it."""
    tab_to(page, first_card(page, item))
    page.keyboard.press("Space")
    expect(page.locator(f"[id='form-offer-{item.uuid}'] input:checked")).to_have_count(1)


@pytest.mark.covers("C-43")
def test_an_offer_for_both_energies_becomes_contracts_without_touching_the_mouse(
    desk: Page, supplies: list[QuotationItem]
) -> None:
    power, gas = supplies
    tab_to(desk, f"consumption-{power.uuid}-annual_kwh")
    type_over(desk, "3400")
    choose_first(desk, power)
    expect(desk.locator(f"[id='estimate-{power.uuid}']")).to_contain_text("3,400 kWh")
    choose_first(desk, gas)
    await_saved(desk, gas, product__isnull=False)
    tab_to(desk, f"meter-{power.uuid}-meter_serial")
    desk.keyboard.type("19L0012345")
    tab_to(desk, f"meter-{power.uuid}-r001_reading")
    desk.keyboard.type("45678")
    tab_to(desk, "conditions-discount_1")
    type_over(desk, "3")
    desk.keyboard.press("Tab")
    await_saved(desk, power, discount_percent=3, registers__move_in_reading=45678)

    expect(desk.locator("#recipient")).to_have_value("customer@example.com")
    desk.keyboard.press("Alt+Enter")
    expect(desk).to_have_url(re.compile("/contracts/[0-9a-f-]{36}/$"))
    quotation = Quotation.objects.get()
    assert quotation.status == "ACCEPTED"
    assert Contract.objects.filter(quotation=quotation).count() == 2
    power.refresh_from_db()
    assert (power.meter_serial, power.expected_annual_kwh) == ("19L0012345", 3400)


def test_nothing_typed_is_lost_by_an_error_or_a_reload(
    desk: Page, supplies: list[QuotationItem]
) -> None:
    power, gas = supplies
    desk.locator(f"[id='meter-{power.uuid}-rate_0']").focus()
    desk.keyboard.press("ArrowRight")
    night = desk.locator(f"[id='meter-{power.uuid}-r002_reading']")
    expect(night).to_be_visible()
    expect(desk.locator(f"[id='meter-{power.uuid}-rate_1']")).to_be_focused()
    night.fill("99999999")
    desk.keyboard.press("Tab")
    told = desk.locator(f"[id='refused-meter-{power.uuid}']")
    expect(told).to_contain_text("6 digits")
    desk.reload()
    expect(night).to_have_value("99999999")
    expect(told).to_contain_text("6 digits")
    night.fill("4321")
    desk.keyboard.press("Tab")
    expect(told).to_be_empty()
    expect(desk.locator("#quotation-summary")).not_to_contain_text("entry to correct")
    serial = desk.locator(f"[id='meter-{gas.uuid}-meter_serial']")
    serial.fill("G4A001234")
    desk.goto("about:blank")
    until(lambda: QuotationItem.objects.filter(pk=gas.pk, meter_serial="G4A001234").exists())
    desk.go_back()
    desk.locator(f"[id='{first_card(desk, gas)}']").check()
    until(lambda: QuotationItem.objects.filter(pk=gas.pk, product__isnull=False).exists())
    desk.reload()
    expect(desk.locator(f"[id='form-offer-{gas.uuid}'] input:checked")).to_have_count(1)
    expect(night).to_have_value("4321")


def test_a_sent_offer_shows_its_letter_as_soon_as_it_is_made(
    desk: Page, supplies: list[QuotationItem]
) -> None:
    for item in supplies:
        choose_first(desk, item)
        await_saved(desk, item, product__isnull=False)
    desk.keyboard.press("Alt+s")
    expect(desk).to_have_url(re.compile("/quotations/[0-9a-f-]{36}/$"))
    expect(desk.get_by_role("link", name="PDF")).to_be_visible(timeout=30_000)


def test_the_screen_can_be_used_by_everybody(desk: Page) -> None:
    assert barriers(desk) == []
