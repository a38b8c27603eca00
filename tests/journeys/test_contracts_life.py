"""What happens in a contract's life, in a browser, with the ERP behind it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from access.models import User
from accounts.choices import PaymentMethod
from contracts.choices import ItemStatus, ProcessStatus
from contracts.models import ContractItem, ContractProcess
from events.services.recording import record
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.premises import PointOfDeliveryFactory, make_mpan
from tests.journeys import walking
from tests.support.live import Stack
from tests.support.programs import until
from utilcrm import clock

pytestmark = pytest.mark.browser

CHANGE = "UtilitiesContractERPChangeRequest"
PHONE = {"width": 390, "height": 844}


def sold(n: int, *, days: int) -> ContractItem:
    """Return supply that was signed just now and begins in so many days."""
    account = AccountFactory(first_name="Nora", last_name="Quillfeather")
    agreement = BusinessAgreementFactory(account=account, payment_method=PaymentMethod.TRANSFER)
    contract = SignedContractFactory(account=account, business_agreement=agreement)
    item = ContractItemFactory(
        contract=contract,
        pod=PointOfDeliveryFactory(external_id=make_mpan(8_100_000 + n)),
        product__master_data_template="MDT-EL-RES",
        starts_on=clock.today() + dt.timedelta(days=days),
    )
    item.prices.create(component="STANDING_CHARGE", amount="0.45", agreed_amount="0.45")
    item.prices.create(component="ENERGY", amount="0.2412", agreed_amount="0.2291")
    item.registers.create(code="001", digits=6, move_in_reading="1204")
    with transaction.atomic():
        record("contracts.contract.signed", subject=contract)
    return item


def set_up(item: ContractItem) -> ContractItem:
    """Wait until the ERP has set the contract up."""

    def done() -> bool:
        item.refresh_from_db()
        return bool(item.status == ItemStatus.COMPLETED)

    until(done, seconds=60)
    return item


def changes(live: Stack) -> list[dict[str, Any]]:
    """Return the changes of contracts that the ERP took."""
    return [one for one in live.ledger() if one["kind"] == CHANGE]


def begin(page: Page, item: ContractItem, name: str) -> None:
    """Open the menu of a contract by its key, and begin a process."""
    page.goto(reverse("contracts:detail", args=[item.contract.uuid]))
    expect(page.locator("#process-offers")).to_be_visible()
    page.keyboard.press("Alt+c")
    page.locator("#process-offers").get_by_role("button", name=walking.said(name)).click()
    page.wait_for_url(re.compile("/step/"))


def confirmed(page: Page) -> None:
    """Wait for the ERP's word, which comes to the page by itself."""
    state = page.locator("#process-state[data-state=CONFIRMED]")
    expect(state).to_contain_text(walking.said("Confirmed by the ERP"), timeout=60_000)


@pytest.mark.covers("B-17", "C-15", "A-01")
def test_a_contract_is_terminated_and_the_termination_undone(
    live: Stack, agent: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    item = set_up(sold(1, days=-7))
    desk = page_of(agent)
    begin(desk, item, "Termination by the customer")
    fair(desk)
    desk.get_by_label("Reason").select_option("NOTICE")
    day = (clock.today() + dt.timedelta(days=3)).isoformat()
    desk.get_by_label("First day without supply").fill(day)
    expect(desk.locator("#process-saved")).to_contain_text("Kept")
    desk.keyboard.press("Alt+Enter")
    expect(desk.locator(".field-error").first).to_contain_text("notice period")
    fair(desk)

    desk.get_by_label("Reason").select_option("MUTUAL")
    desk.keyboard.press("Alt+Enter")
    desk.wait_for_url(re.compile("/review/"))
    expect(desk.locator("body")).to_contain_text("Nothing stands in the way")
    fair(desk)
    desk.keyboard.press("Alt+Enter")
    confirmed(desk)
    fair(desk)

    desk.keyboard.press("Alt+u")
    desk.wait_for_url(re.compile("/undo/"))
    desk.get_by_label("Reason").fill("Stays with us")
    desk.get_by_role("button", name="Undo").click()
    confirmed(desk)

    item.refresh_from_db()
    assert item.ends_on is None
    assert [one["effect"] for one in changes(live)] == ["changed", "changed"]
    first = ContractProcess.objects.order_by("pk").first()
    assert first is not None
    assert first.status == ProcessStatus.UNDONE


@pytest.mark.covers("B-17b")
def test_a_customer_is_transferred_without_gap_or_overlap(
    live: Stack, agent: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    item = set_up(sold(2, days=-7))
    pod = PointOfDeliveryFactory(external_id=make_mpan(8_100_090), premise__segment=None)
    desk = page_of(agent)
    begin(desk, item, "Transfer to another premise")
    fair(desk)
    desk.goto(f"{desk.url}?premise={pod.premise.uuid}")
    expect(desk.locator("body")).to_contain_text(pod.premise.address_line)
    desk.keyboard.press("Alt+Enter")
    desk.wait_for_url(re.compile("/step/when/"))
    day = (clock.today() + dt.timedelta(days=9)).isoformat()
    desk.get_by_label("First day without supply").fill(day)
    desk.get_by_label(re.compile("^Reading of")).first.fill("1290")
    fair(desk)
    desk.keyboard.press("Alt+Enter")
    desk.wait_for_url(re.compile("/step/meters/"))
    desk.get_by_label(re.compile("^Meter number")).fill("21Z4711")
    desk.get_by_label(re.compile("register 001")).fill("12")
    desk.get_by_label(re.compile("^The customer agrees")).check()
    fair(desk)
    desk.keyboard.press("Alt+Enter")
    desk.wait_for_url(re.compile("/step/bill/"))
    desk.keyboard.press("Alt+Enter")
    expect(desk.locator("#id_street_error")).to_be_visible()
    for label, value in (("Street", "Mill Lane"), ("Postcode", "LS1 4AP"), ("Town", "Leeds")):
        desk.get_by_label(label, exact=True).fill(value)
    fair(desk)
    desk.keyboard.press("Alt+Enter")
    desk.wait_for_url(re.compile("/review/"))
    desk.set_viewport_size(PHONE)
    fair(desk)
    desk.keyboard.press("Alt+Enter")
    confirmed(desk)
    fair(desk)

    new = ContractItem.objects.exclude(pk=item.pk).get()
    item.refresh_from_db()
    assert item.ends_on == new.starts_on
    assert new.status == ItemStatus.COMPLETED
    kinds = [one["kind"] for one in live.ledger() if one["effect"] in {"created", "changed"}]
    assert kinds.count("UtilitiesContractERPCreateRequest") == 2
    assert kinds.count(CHANGE) == 1
    assert kinds.index(CHANGE) < len(kinds) - 1


@pytest.mark.covers("C-15")
def test_a_contract_is_withdrawn_within_the_period(
    live: Stack, agent: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    item = set_up(sold(3, days=9))
    desk = page_of(agent)
    begin(desk, item, "Withdrawal")
    fair(desk)
    desk.keyboard.press("Alt+Enter")
    desk.wait_for_url(re.compile("/review/"))
    desk.keyboard.press("Alt+Enter")
    confirmed(desk)

    item.refresh_from_db()
    assert item.ends_on == item.starts_on
    assert [one["effect"] for one in changes(live)] == ["changed"]
