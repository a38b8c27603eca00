"""From the accepted offer to the contract in the ERP, with a customer who signs on a telephone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from contracts.choices import ContractStatus
from contracts.models import Contract
from contracts.services.assembling import assemble_from_quotation
from contracts.services.requesting import request_signature
from correspondence.models import SealKey
from correspondence.services.rendering import read_unaltered
from products.models import Product
from quotations.models import QuotationItemPrice
from quotations.services.answering import accept_quotation
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory, EmailFactory
from tests.factories.quotations import QuotationItemFactory, SentQuotationFactory
from tests.support.accessibility import barriers
from tests.support.browsing import TELEPHONE
from tests.support.live import Stack, until
from utilcrm import seal

pytestmark = pytest.mark.browser

LINK = re.compile(r"/sign/[\w-]+/")


@pytest.fixture
def contract(live: Stack, agent: Any) -> Contract:
    """An accepted offer of power; the worker makes its PDF and mails the link."""
    account = AccountFactory(first_name="Ada", last_name="Lovelace")
    EmailFactory(account=account, value="ada@example.com")
    agreement = BusinessAgreementFactory(account=account)
    quotation = SentQuotationFactory(
        account=account, created_by=agent, business_agreement=agreement
    )
    item = QuotationItemFactory(quotation=quotation, product=None)
    item.product = Product.objects.filter(division=item.division, segment=account.segment).first()
    item.save()
    for price in item.product.prices.valid_on(item.start_date).filter(
        term_months=item.term_months, rate_type="ALL_DAY"
    ):
        QuotationItemPrice.objects.create(
            item=item,
            component=price.component,
            amount=price.amount,
            discounted_amount=price.amount,
        )
    accept_quotation(quotation_id=quotation.pk, actor=agent)
    contracts = assemble_from_quotation(quotation=quotation, actor=agent)
    request_signature(contracts=contracts, actor=agent)
    return contracts[0]


@pytest.fixture
def link(live: Stack, contract: Contract) -> str:
    """The link in the mail that the customer got."""

    def look() -> str | None:
        for entry in live.mail.get("ledger"):
            found = LINK.search(str(entry))
            if found:
                return found[0]
        return None

    found: str = until(look, seconds=40)
    return found


def sign_by_hand(page: Page) -> None:
    """Draw two strokes into the field, agree, and send."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    for start, end in (((0.2, 0.3), (0.5, 0.7)), ((0.5, 0.7), (0.8, 0.2))):
        page.mouse.move(box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1])
        page.mouse.down()
        page.mouse.move(
            box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=8
        )
        page.mouse.up()
    page.get_by_label("I have read the contract").check()
    page.get_by_role("button", name="Sign with an obligation to pay").click()


@pytest.mark.covers("C-48")
def test_a_customer_reads_and_signs_on_a_telephone(
    live: Stack, contract: Contract, link: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(link, screen=TELEPHONE)
    expect(page.get_by_role("heading", name="Your energy contract")).to_be_visible()
    expect(page.get_by_text(contract.number).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    assert barriers(page) == []

    page.get_by_role("button", name="Sign with an obligation to pay").click()
    expect(page.locator("[data-signature-error]")).to_be_visible()
    sign_by_hand(page)

    expect(page.get_by_role("heading", name="Signed. Thank you!")).to_be_visible()
    contract.refresh_from_db()
    request = contract.signature_request
    assert request is not None
    made_in = request.document.ready_at - request.document.created_at
    assert made_in < dt.timedelta(seconds=30)
    assert request.evidence.get(kind="SIGNED").detail["strokes"]

    def signed_pdf() -> bytes | None:
        request.refresh_from_db()
        document = request.signed_document
        return read_unaltered(document) if document and document.is_ready else None

    pdf = until(signed_pdf, seconds=40)
    certificate = SealKey.objects.get().certificate.encode()
    # Not in this thread: the browser's event loop runs in it, and pyHanko wants one of its own.
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(seal.check, pdf, certificate=certificate).result().is_good


@pytest.mark.covers("A-10", "A-15", "N-01")
def test_the_agent_watches_the_contract_reach_the_erp_without_reloading(
    live: Stack,
    contract: Contract,
    link: str,
    agent: Any,
    page_of: Callable[..., Page],
    open_page: Callable[..., Page],
) -> None:
    desk = page_of(agent, reverse("contracts:detail", args=[contract.uuid]))
    strip = desk.locator(".journey")
    expect(strip).to_contain_text("not opened yet", timeout=15_000)

    page = open_page(link, screen=TELEPHONE)
    page.get_by_label("Type my name").check(force=True)
    page.get_by_label("First and last name", exact=True).fill("Ada Lovelace")
    page.get_by_label("I have read the contract").check()
    page.get_by_role("button", name="Sign with an obligation to pay").click()
    expect(page.get_by_role("heading", name="Signed. Thank you!")).to_be_visible()

    until(
        lambda: Contract.objects.filter(pk=contract.pk, status=ContractStatus.ACTIVE).exists(),
        seconds=60,
    )
    expect(strip.locator(".stage-done")).to_have_count(6, timeout=40_000)
    expect(desk.locator("#papers")).to_contain_text("Welcome letter", timeout=10_000)
    assert barriers(desk) == []
