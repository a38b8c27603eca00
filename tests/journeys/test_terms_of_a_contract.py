"""A reading that rolled over, a renewal taken back: as an agent does them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from access.models import User
from accounts.choices import AccountKind
from contracts.choices import ItemStatus
from contracts.models import ContractItem, ContractProcess
from contracts.services.processes.dates import add_months
from devices.models import MeterReading, ReadingReport
from tests.support.browsing import TELEPHONE
from tests.support.live import Stack
from tests.support.programs import until
from utilcrm import clock

pytestmark = pytest.mark.browser


@pytest.fixture
def supply(book: Stack) -> ContractItem:
    """A household's supply of electricity that the ERP has had for years."""
    found = (
        ContractItem.objects.filter(
            status=ItemStatus.COMPLETED,
            division="ELECTRICITY",
            ends_on__isnull=True,
            expected_annual_kwh__gt=0,
            product__isnull=False,
            contract__account__kind=AccountKind.PERSON,
        )
        .select_related("contract__account", "product", "pod")
        .order_by("pk")
        .first()
    )
    assert found is not None
    return found


def told(live: Stack, kind: str) -> list[dict[str, str]]:
    return [entry for entry in live.erp.get("ledger") if entry["kind"] == kind]


def look(page: Page, fair: Callable[[Page], None]) -> None:
    """Judge a page at the agent's screen and at a telephone's."""
    fair(page)
    wide = page.viewport_size
    page.set_viewport_size(TELEPHONE)
    fair(page)
    page.set_viewport_size(wide)


@pytest.mark.covers("B-17", "N-10")
def test_a_reading_after_a_rollover_is_explained_and_taken_up_once(
    supply: ContractItem,
    live: Stack,
    agent: User,
    page_of: Callable[..., Page],
    fair: Callable[[Page], None],
) -> None:
    page = page_of(agent, reverse("contracts:detail", args=[supply.contract.uuid]))
    page.get_by_role("link", name="Enter a reading").click()
    last = MeterReading.objects.filter(register__code="001").filter(
        read_on__lt=clock.today(), value__gt=5
    )
    assert last.exists()
    value = page.get_by_label("Reading", exact=True).first
    value.fill("3")
    page.get_by_role("button", name="Send the readings").click()
    expect(page.get_by_text("It is lower than the last reading. Why?").first).to_be_visible()
    look(page, fair)

    page.get_by_label("The counter has started again from zero").check()
    page.get_by_role("button", name="Send the readings").click()
    expect(page.get_by_text("far more than was used here before")).to_be_visible()
    expect(page.get_by_label("Reading", exact=True).first).to_have_value("3")
    page.get_by_label("It was read a second time").check()
    page.get_by_label("The second reading").fill("3")
    page.get_by_role("button", name="Send the readings").click()

    expect(page.get_by_text("Taken up by the ERP")).to_be_visible()
    expect(page.get_by_text("To be checked")).to_be_visible()
    look(page, fair)
    report = ReadingReport.objects.get()
    assert report.values.get().value == Decimal(3)
    [entry] = told(live, "MeterReadingDocumentERPCreateRequest")
    assert (entry["external_reference"], entry["effect"]) == (str(report.uuid), "created")


@pytest.mark.covers("C-15")
def test_a_renewal_by_one_click_is_taken_back_again(
    supply: ContractItem,
    live: Stack,
    agent: User,
    page_of: Callable[..., Page],
    fair: Callable[[Page], None],
) -> None:
    end = clock.today() + dt.timedelta(days=25)
    start = add_months(end, -12)
    ContractItem.objects.filter(pk=supply.pk).update(fixed_from=start, term_months=12)
    page = page_of(agent, reverse("contracts:renewals") + "?within=30")
    look(page, fair)
    page.get_by_role("button", name=f"Renew, 12 months {supply.contract.number}").click()
    expect(page.get_by_text("Confirmed by the ERP").first).to_be_visible(timeout=60_000)
    supply.refresh_from_db()
    renewed = supply.fixed_from
    assert renewed == add_months(start, 12)

    page.get_by_role("link", name="Undo").click()
    page.get_by_label("Reason").fill("The customer has thought better of it.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Confirmed by the ERP").first).to_be_visible(timeout=60_000)

    supply.refresh_from_db()
    assert supply.fixed_from == start
    assert len(told(live, "UtilitiesContractERPChangeRequest")) == 2
    process = ContractProcess.objects.get(kind="RENEWAL")
    until(lambda: ContractProcess.objects.get(pk=process.pk).status == "UNDONE")
