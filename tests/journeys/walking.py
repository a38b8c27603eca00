"""What people do on the way from a ringing telephone to a contract, step by step in a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from tenants.queries import current_profile
from tests.support.live import Stack
from tests.support.programs import until

EXTENSION = "101"
NEWCOMERS_NUMBER = "020 7946 0461"
MPAN = "2000052180112"
MPAN_MISTYPED = "2000052180113"
MPRN = "3512466807"
IBAN = "GB29NWBK60161331926819"
IBAN_MISTYPED = "GB29NWBK60161331926818"


@dataclass(frozen=True)
class Newcomer:
    """A caller whom nobody knows yet, and the place where energy is wanted."""

    first_name: str = "Nora"
    last_name: str = "Quillfeather"
    email: str = "nora.quillfeather@example.com"
    house_number: str = "17"
    street: str = "Elm Grove"
    town: str = "Bristol"
    postcode: str = "BS1 4DJ"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


NORA = Newcomer()
METERS = (("E10BG45821", "4711"), ("G4A8812", "822"))
"""Meter numbers and readings at the start: electricity, then gas."""


def said(text: str) -> str:
    """Return a text of the product as the tenant's pages say it."""
    with translation.override(current_profile().language):
        return gettext(text)


def context_bar(page: Page) -> Locator:
    """Return the bar that shows who and what is confirmed."""
    return page.get_by_role("region", name=said("Confirmed in this contact"))


def ring(live: Stack, caller: str) -> dict[str, Any]:
    """Let the telephone on the agent's table ring, and return what the switchboard knows."""
    call: dict[str, Any] = live.telephone.post(
        "calls", {"tenant": live.variant, "caller": caller, "extension": EXTENSION}
    )
    assert call["crm_answer"] == 200, call
    return call


def answer(page: Page) -> None:
    """Take the ringing call with the key that the ringing call shows."""
    expect(page.locator("#live .ringing")).to_be_visible()
    page.keyboard.press("Alt+a")
    expect(context_bar(page)).to_contain_text(said("Wrap up"))


def fill_in_newcomer(page: Page, who: Newcomer = NORA, *, iban: str = IBAN) -> None:
    """Type what the caller says about themselves."""
    page.get_by_label(said("First name")).fill(who.first_name)
    page.get_by_label(said("Last name")).fill(who.last_name)
    page.get_by_label(said("E-mail"), exact=True).first.fill(who.email)
    page.get_by_label(said("House number")).fill(who.house_number)
    page.get_by_label(said("Street")).fill(who.street)
    page.get_by_label(said("Town")).fill(who.town)
    page.get_by_label(said("Postcode")).fill(who.postcode)
    page.get_by_label("IBAN").fill(iban)


def create_account(page: Page, who: Newcomer = NORA, *, iban: str = IBAN) -> None:
    """Go from the open contact to the new, confirmed account of somebody unknown."""
    page.get_by_role("link", name=said("New account")).click()
    fill_in_newcomer(page, who, iban=iban)
    page.keyboard.press("Alt+s")
    expect(page.get_by_role("heading", name=who.name)).to_be_visible()
    page.keyboard.press("Alt+c")
    expect(context_bar(page)).to_contain_text(who.name)


def find_no_place(page: Page) -> None:
    """Begin a quotation for somebody at whose address we supply nothing, up to the empty form."""
    page.keyboard.press("Alt+q")
    page.wait_for_url("**/quotations/new/**")
    page.keyboard.press("Alt+p")
    page.wait_for_url("**/premises/find/**")
    expect(page.locator("#found")).to_contain_text(said("No building here yet"))
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/premises/new/**")


def create_place(page: Page, who: Newcomer = NORA, *, mpan: str = MPAN, mprn: str = MPRN) -> None:
    """Fill in a building, a premise and its points of delivery, and go on to the quotation."""
    page.get_by_label(said("Town")).fill(who.town)
    page.locator("#id_electricity_id").fill(mpan)
    if mprn:
        page.locator("#id_gas_id").fill(mprn)
    page.keyboard.press("Alt+s")
    page.wait_for_url("**/quotations/new/**")


def draw_up(page: Page) -> None:
    """Open the draft for everything that the premise takes."""
    expect(page.get_by_role("button", name=said("Draw up the quotation"))).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")


def fill_in_offer(
    page: Page, *, discount: str = "3", why: str = "Moves in from a flat of ours"
) -> None:
    """Say how much is used, choose products and terms, type the meters and the conditions."""
    for nth, kwh in enumerate(("3100", "12000")):
        page.locator("input[name=annual_kwh]").nth(nth).fill(kwh)
        page.keyboard.press("Tab")
        expect(page.locator(".estimate").nth(nth)).to_contain_text(f"{int(kwh):,} kWh")
    for nth, term in enumerate(("24 months", "36 months")):
        offers = page.locator("form.offers").nth(nth)
        offers.locator(".option-card", has_text=term).first.click()
        expect(page.locator("#quotation-summary")).to_contain_text(term)
    for nth, (serial, reading) in enumerate(METERS):
        page.get_by_label("Meter number").nth(nth).fill(serial)
        page.get_by_label("Reading at the start (All day)").nth(nth).fill(reading)
    page.get_by_label("Discount", exact=True).first.fill(discount)
    page.get_by_label("Reason for the discount").fill(why)
    page.keyboard.press("Tab")
    expect(page.locator("#quotation-summary")).to_contain_text(f"−{discount} %")


def accept(page: Page) -> None:
    """Let the customer accept on the phone, once the check before the flight has been seen."""
    expect(page.locator("#preflight")).to_contain_text(said("Nothing stands in the way"))
    page.keyboard.press("Alt+Enter")
    page.wait_for_url(re.compile(r"/contracts/[0-9a-f-]{36}/$"))


def link_in_mail(live: Stack, *, seconds: float = 40) -> str:
    """Wait for the mail with the link to sign, and return the link as the customer opens it."""

    def look() -> str:
        links = [link for mail in live.mail.get("ledger") for link in mail["links"]]
        return next((urlsplit(link).path for link in links if "/sign/" in link), "")

    return until(look, seconds=seconds)


def mails(live: Stack, beginning: str) -> list[dict[str, Any]]:
    """Return what the customer got whose subject begins so."""
    return [mail for mail in live.mail.get("ledger") if mail["subject"].startswith(beginning)]


def draw_signature(page: Page) -> None:
    """Draw a stroke into the field with a finger."""
    canvas = page.locator(".signature-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90, steps=8)
    page.mouse.move(box["x"] + 250, box["y"] + 40, steps=8)
    page.mouse.up()


def sign(page: Page, name: str = NORA.name, *, by_hand: bool = True) -> None:
    """Sign on the public page, drawn or typed, and see that it is done."""
    page.get_by_label(said("Who signs? First and last name")).fill(name)
    if by_hand:
        draw_signature(page)
    else:
        page.locator("label.segment", has_text=said("Type my name")).click()
        page.locator("#typed-name").fill(name)
    page.get_by_label(said("I have read the contract and agree to it")).check()
    page.get_by_role("button", name=said("Sign with an obligation to pay")).click()
    expect(page.get_by_role("heading", name=said("Signed. Thank you!"))).to_be_visible()


def stage(page: Page, label: str) -> Locator:
    """Return a stage of the contract's journey strip by its name."""
    named = page.locator(".stage-label", has_text=re.compile(rf"^\s*{label}"))
    return page.locator(".journey .stage-item").filter(has=named)
