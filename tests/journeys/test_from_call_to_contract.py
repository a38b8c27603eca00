"""The main job: a caller whom nobody knows leaves the phone with a contract that is in the ERP."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from access.models import User
from accounts.models import Account
from billing_sync.services.downloading import start_download
from contracts.models import Contract
from correspondence.models import Document, SealKey
from correspondence.services.rendering import read_unaltered
from devices.models import DeviceInfoRecord
from quotations.models import Quotation
from tests.journeys import walking
from tests.journeys.walking import NORA, stage
from tests.support.browsing import TELEPHONE
from tests.support.live import Stack
from tests.support.programs import until
from utilcrm import seal

pytestmark = pytest.mark.browser

Fair = Callable[[Page], None]

IN_ORDER = [
    "BUSINESS_PARTNER",
    "CONTRACT_ACCOUNT",
    "CONNECTION_OBJECT",
    "POINT_OF_DELIVERY",
    "POINT_OF_DELIVERY",
    "CONTRACT",
    "CONTRACT",
]
STEPS = ("Prices", "Installation", "Load profile", "Meter data", "Move-in", "Contract")


@pytest.mark.covers(
    "A-02", "A-08", "A-10", "A-12", "A-15", "B-01", "B-04", "B-05", "B-08", "B-11", "B-21",
    "C-01", "C-17", "C-18", "C-48", "N-01", "N-02",
)  # fmt: skip
def test_a_new_caller_leaves_the_phone_with_a_contract_that_is_in_the_erp(
    book: Stack,
    agent: User,
    page_of: Callable[..., Page],
    open_page: Callable[..., Page],
    fair: Fair,
) -> None:
    desk = page_of(agent)
    become_a_customer(desk, book, fair)
    name_the_place(desk, fair)
    accept_an_offer(desk, fair)
    accepted_at = time.monotonic()
    contracts = made_as_offered()

    link = walking.link_in_mail(book)
    assert time.monotonic() - accepted_at < 30
    phone = open_page(link, screen=TELEPHONE, has_touch=True, is_mobile=True)
    read_and_sign(phone, fair)

    watch_the_strip(desk, fair)
    expect(stage(desk, "ERP set-up")).to_contain_text(contracts[0].items.get().erp_number)
    check_signed_pdf(book)
    check_ledger(book)
    wrap_up(desk, contracts, fair)
    check_meters_in_the_erp()


def become_a_customer(desk: Page, live: Stack, fair: Fair) -> None:
    """Somebody unknown calls, and is an account with an ERP number before the call is over."""
    call = walking.ring(live, walking.NEWCOMERS_NUMBER)
    expect(desk.locator("#live")).to_contain_text("No customer has this number.")
    fair(desk)
    walking.answer(desk)
    live.telephone.post(f"calls/{call['call_id']}/answered")
    walking.create_account(desk)
    fair(desk)
    until(lambda: Account.objects.get(last_name=NORA.last_name).is_replicated)
    expect(walking.context_bar(desk)).to_contain_text("Direct debit")


def name_the_place(desk: Page, fair: Fair) -> None:
    """A building nobody knew; a mistyped MPAN is refused while it is typed."""
    walking.find_no_place(desk)
    desk.locator("#id_electricity_id").fill(walking.MPAN_MISTYPED)
    desk.keyboard.press("Tab")
    expect(desk.get_by_text("The check digit does not fit")).to_be_visible()
    fair(desk)
    walking.create_place(desk)
    fair(desk)


def accept_an_offer(desk: Page, fair: Fair) -> None:
    """An offer for both energies, its three terms side by side."""
    walking.draw_up(desk)
    cards = desk.locator("form.offers").first.locator("fieldset").first
    titles = cards.locator(".option-card-title").all_inner_texts()
    assert [title.split()[0] for title in titles] == ["12", "24", "36"]
    walking.fill_in_offer(desk)
    expect(desk.locator("#preflight")).to_contain_text("Nothing stands in the way")
    fair(desk)
    walking.accept(desk)


def made_as_offered() -> list[Contract]:
    """Return the two contracts: one agreement, and the quotation's prices to the last digit."""
    quotation = Quotation.objects.get()
    contracts = list(Contract.objects.filter(quotation=quotation).order_by("number"))
    assert len(contracts) == 2
    assert len({contract.business_agreement_id for contract in contracts}) == 1
    for contract, offered in zip(contracts, quotation.items.order_by("position"), strict=True):
        assert {
            (one.component, one.rate_type, one.agreed_amount)
            for one in contract.items.get().prices.all()
        } == {(one.component, one.rate_type, one.discounted_amount) for one in offered.prices.all()}
    return contracts


def read_and_sign(phone: Page, fair: Fair) -> None:
    """The customer reads and signs with a finger."""
    expect(phone.get_by_role("heading", name="Your energy contract")).to_be_visible()
    fair(phone)
    with phone.expect_popup() as opened:
        phone.get_by_role("link", name="Read the whole contract").click()
    opened.value.close()
    walking.sign(phone)
    fair(phone)


def watch_the_strip(desk: Page, fair: Fair) -> None:
    """See what the agent sees without touching the page."""
    expect(stage(desk, "Signature")).to_contain_text(NORA.name)
    expect(stage(desk, "ERP master data")).to_contain_text("Create point of delivery")
    set_up = stage(desk, "ERP set-up")
    expect(set_up).to_have_class(re.compile("stage-done"), timeout=40_000)
    for step in STEPS:
        expect(set_up).to_contain_text(re.compile(rf"{step}\s*Done"))
    expect(stage(desk, "Welcome letter")).to_have_class(re.compile("stage-done"), timeout=40_000)
    expect(desk.locator(".page-head")).not_to_contain_text("Awaiting signature")
    fair(desk)


def check_signed_pdf(live: Stack) -> None:
    """See that the customer has the PDF with its audit page, under a seal that covers all of it."""
    document = until(
        lambda: Document.objects.filter(kind="SIGNED_CONTRACT", status="READY").first(), seconds=40
    )
    pdf = read_unaltered(document)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    audit_page = text[text.index("Audit page") :]
    assert "SHA-256" in audit_page
    assert NORA.name in audit_page
    certificate = SealKey.objects.get().certificate.encode()
    # Not in this thread: the browser's event loop runs in it, and pyHanko wants one of its own.
    with ThreadPoolExecutor(1) as elsewhere:
        report = elsewhere.submit(seal.check, pdf, certificate=certificate).result()
    assert report.is_good, report.reason
    copy = until(lambda: walking.mails(live, "Your signed contract"), seconds=30)[0]
    assert [one["sha256"] for one in copy["attachments"]] == [document.sha256]


def check_ledger(live: Stack) -> None:
    """See that the ERP made each object once, in order, and that the letters came after."""
    ledger = [entry for entry in live.erp.get("ledger") if entry["effect"] == "created"]
    assert [entry["object_type"] for entry in ledger] == IN_ORDER
    assert len({entry["external_reference"] for entry in ledger}) == len(ledger)
    last = max(dt.datetime.fromisoformat(entry["processed_at"]) for entry in ledger)
    until(lambda: len(walking.mails(live, "Welcome")) == 2, seconds=30)
    assert min(letter["at"] for letter in walking.mails(live, "Welcome")) > last.timestamp()


def wrap_up(desk: Page, contracts: list[Contract], fair: Fair) -> None:
    """End the call: everything it touched is listed, and the reason follows from it."""
    desk.keyboard.press("Alt+w")
    desk.wait_for_url("**/wrap-up/")
    touched = desk.locator(".touched")
    numbers = [contract.number for contract in contracts]
    for what in (NORA.name, "17 Elm Grove", walking.MPAN, walking.MPRN, *numbers):
        expect(touched).to_contain_text(what)
    assert not re.search(r"[a-z]+\.[a-z_]+\.[a-z_]+", touched.inner_text()), "an event's bare name"
    fair(desk)
    expect(desk.get_by_label("Reason")).to_have_value("NEW_SUPPLY")
    desk.get_by_label("Result").select_option(label="Contract concluded")
    desk.get_by_role("button", name="Close contact").click()
    expect(desk.get_by_role("heading", name="Desk")).to_be_visible()


def check_meters_in_the_erp() -> None:
    """See that the ERP has made meters from what was typed: its next download tells of them."""
    run = start_download()
    until(lambda: not type(run).objects.filter(pk=run.pk, status="RUNNING").exists(), seconds=60)
    for serial, _reading in walking.METERS:
        assert DeviceInfoRecord.objects.filter(serial_number=serial).exclude(erp_number="").exists()
    assert Contract.objects.filter(account__last_name=NORA.last_name).count() == 2
