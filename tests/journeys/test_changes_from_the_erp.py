"""A clerk works in the ERP: the agent sees it, and what both changed is settled by one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from access.models import User
from accounts.models import Account
from billing_sync.models import ChangeFeed, LocalEdit, SyncConflict
from contracts.models import ContractItem
from tests.support.live import Stack
from tests.support.programs import until

pytestmark = pytest.mark.browser


def office(live: Stack, **wish: Any) -> None:
    live.erp.post("office", {"client": "unified", "clerk": "M. Weber", **wish})


@pytest.mark.covers("A-01", "N-05")
def test_a_clerks_change_shows_and_a_conflict_is_settled_by_one_click(
    book: Stack, supervisor: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    item = (
        ContractItem.objects.filter(
            status="COMPLETED", ends_on=None, contract__account__kind="PERSON"
        )
        .select_related("contract__account")
        .order_by("pk")[0]
    )
    account = item.contract.account
    until(lambda: ChangeFeed.objects.filter(position__isnull=False).exists())

    office(book, action="end_date", contract=item.erp_number, end_date="2027-02-28")
    until(lambda: ContractItem.objects.get(pk=item.pk).ends_on is not None, seconds=60)
    desk = page_of(supervisor, reverse("contracts:detail", args=[item.contract.uuid]))
    expect(desk.locator("main")).to_contain_text("Changed by the ERP")
    expect(desk.locator("main")).to_contain_text(
        re.compile(r"clerk M\. Weber, .*end of supply – → 28 Feb 2027")
    )
    desk.goto(book.url + reverse("interactions:account", args=[account.uuid]))
    expect(desk.locator("body")).to_contain_text("Contract changed by the ERP")

    # both change the street while the way up is blocked
    blocked = {"kind": "http_503_html", "operation": "BusinessPartnerERPChangeRequest"}
    book.erp.post("faults", [blocked])
    desk.goto(book.url + reverse("accounts:edit", args=[account.uuid]))
    desk.get_by_label("Street").fill("Elm Row")
    desk.get_by_role("button", name="Save").click()
    until(LocalEdit.objects.exists)
    office(book, action="partner", partner=account.erp_number, street="Oak Lane")
    until(SyncConflict.objects.exists, seconds=60)
    book.erp.delete("faults")

    desk.goto(book.url + reverse("interactions:account", args=[account.uuid]))
    expect(desk.locator("#standing")).to_contain_text("differs from the ERP")
    fair(desk)
    desk.get_by_role("link", name="Decide").click()
    expect(desk.locator("main")).to_contain_text("Elm Row")
    expect(desk.locator("main")).to_contain_text("Oak Lane")
    expect(desk.locator("main")).to_contain_text("M. Weber")
    fair(desk)
    desk.get_by_role("button", name="Take the ERP's value").click()
    expect(desk.locator("main")).to_contain_text("Both systems agree")
    assert Account.objects.get(pk=account.pk).street == "Oak Lane"

    desk.goto(book.url + reverse("billing_sync:differences"))
    expect(desk.locator("main")).to_contain_text("Not compared yet")
    desk.get_by_role("link", name="Compare now").click()
    expect(desk.locator("main")).to_contain_text("Both books agree")
    fair(desk)
    desk.goto(book.url + reverse("billing_sync:downloads"))
    expect(desk.locator("main")).to_contain_text("Changes in the ERP")
    fair(desk)
