"""A case in a real Chromium: opened and answered by keyboard, and usable by everybody."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from billing_sync.models import PaymentArrangement
from interactions.services.confirming import confirm_account
from interactions.services.contacts import open_contact
from service.models import Case, CaseClass
from service.services.opening import open_case
from service.services.promising import make_promise
from service.services.seeding import seed_service
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.service.test_comparing_bills import DAY, START, bill, with_lines
from tests.support.accessibility import RULES, barriers
from tests.support.browsing import AGENTS_SCREEN, TELEPHONE
from tests.support.programs import until
from utilcrm import clock

pytestmark = pytest.mark.browser

A_YEAR = dt.timedelta(days=365)
OF_A_TELEPHONE = {"type": "rule", "values": ["scrollable-region-focusable", "target-size"]}
"""What a narrow screen alone can break."""


@pytest.fixture
def account(live: Any) -> Any:
    seed_service()
    account = AccountFactory(first_name="Ada", last_name="Lovelace")
    BusinessAgreementFactory(account=account)
    return account


@pytest.mark.covers("C-45")
@pytest.mark.covers("C-47c")
@pytest.mark.covers("N-06")
def test_a_case_is_opened_and_answered_by_keyboard_on_screens_for_everybody(
    account: Any, supervisor: Any, page_of: Any
) -> None:
    page: Page = page_of(supervisor, reverse("service:open", args=[account.uuid]))
    expect(page.locator("#id_case_class")).to_be_focused()
    page.keyboard.type("Complaint")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("The bill is too high")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The bill is too high")
    case = Case.objects.get()
    assert case.case_class.code == "complaint"

    page.keyboard.press("Alt+a")
    expect(page).to_have_url(re.compile("/answer/$"))
    page.locator("#id_outcome").select_option("UPHELD")
    page.locator("#id_decision").fill("You are right.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("Why we decided so").first).to_be_visible()
    expect(page.locator("#id_decision")).to_have_value("You are right.")

    overdue = open_case(
        case_class=CaseClass.objects.get(code="billing-inquiry"),
        account=account,
        channel="LETTER",
        subject="Why?",
        received_at=clock.now() - A_YEAR,
        owner=supervisor,
        actor=supervisor,
    )
    make_promise(
        account=account,
        kind="CALL_BACK",
        text="We call back",
        due_at=clock.now() + A_YEAR,
        owner=supervisor,
        actor=supervisor,
    )
    (agreement,) = account.agreements.all()
    for number, start, kwh in (
        ("900000012609", START, 150),
        ("900000012610", START + 30 * DAY, 220),
    ):
        one = with_lines(bill(30, 80, start=start, number=number), standing=15, kwh=kwh, energy=50)
        one.agreement = agreement
        one.save()
    paths = [
        *(reverse(f"service:{name}") for name in ("board", "cases", "promises", "rules")),
        reverse("service:bills", args=[agreement.uuid]),
        reverse("service:case", args=[overdue.uuid]),
        reverse("service:open", args=[account.uuid]),
    ]
    root = re.match(r"https?://[^/]+", page.url)
    assert root is not None
    for size in (AGENTS_SCREEN, TELEPHONE):
        page.set_viewport_size(size)
        for path in paths:
            page.goto(f"{root[0]}{path}")
            assert barriers(page, RULES if size is AGENTS_SCREEN else OF_A_TELEPHONE) == [], path
            wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wider, f"{path} is wider than {size['width']}"


@pytest.mark.covers("C-46")
@pytest.mark.covers("B-17")
def test_a_payment_is_split_on_two_screens_by_keyboard_and_the_erp_s_answer_shown(
    account: Any, live: Any, agent: Any, page_of: Any
) -> None:
    owing = next(
        one
        for one in live.erp.get(f"people?client={live.variant}")[live.variant]
        if one["role"] == "dunning_2"
    )
    agreement = account.agreements.get()
    agreement.erp_number = owing["contract_account"]
    agreement.save()
    contact = open_contact(agent=agent, channel="PHONE", direction="INBOUND")
    confirm_account(account=account, agent=agent, interaction=contact)
    customer = reverse("interactions:account", args=[account.uuid])
    page: Page = page_of(agent, reverse("interactions:contact", args=[contact.uuid]))
    expect(page).to_have_url(re.compile(f"{customer}$"))

    page.keyboard.press("Control+k")
    page.keyboard.type("Defer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pay later or in parts")
    assert barriers(page, RULES) == []
    page.keyboard.press("ArrowDown")
    for _nth in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "id_reason":
            break
    page.keyboard.type("A new job in January")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The wish is on its way to the ERP.")).to_be_visible()
    expect(page.get_by_text("A new job in January")).to_be_visible()
    assert barriers(page, RULES) == []

    until(lambda: PaymentArrangement.objects.filter(status="CONFIRMED").exists())
    page.goto(customer)
    expect(page.locator("#standing").get_by_text("Plan of instalments")).to_be_visible()
    assert not agreement.open_items.filter(due_on__lt=clock.today()).exists()
