"""A case in a real Chromium: opened and answered by keyboard, and usable by everybody."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from service.models import Case, CaseClass
from service.services.opening import open_case
from service.services.promising import make_promise
from service.services.seeding import seed_service
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.support.accessibility import OF_COLOURS, RULES, barriers
from tests.support.browsing import AGENTS_SCREEN, TELEPHONE
from utilcrm import clock

pytestmark = pytest.mark.browser

A_YEAR = dt.timedelta(days=365)


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
    paths = [
        *(reverse(f"service:{name}") for name in ("board", "cases", "promises", "rules")),
        reverse("service:case", args=[overdue.uuid]),
        reverse("service:class", args=[overdue.case_class.uuid]),
        reverse("service:open", args=[account.uuid]),
        f"{reverse('service:board')}?source=contracts.withdrawal",
        reverse("interactions:desk"),
    ]
    root = re.match(r"https?://[^/]+", page.url)
    assert root is not None
    for size, rules in ((AGENTS_SCREEN, RULES), (TELEPHONE, OF_COLOURS)):
        page.set_viewport_size(size)
        for path in paths:
            page.goto(f"{root[0]}{path}")
            assert barriers(page, rules) == [], path
            wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wider, f"{path} is wider than {size['width']}"
