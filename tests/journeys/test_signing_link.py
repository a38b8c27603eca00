"""Links that must not sign: used before, too late, of a document that was altered, or made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.models import User
from contracts.models import SignatureRequest
from tests.journeys import walking
from tests.journeys.ordering import SIGNER, order
from tests.support.browsing import TELEPHONE
from tests.support.live import Stack
from tests.support.programs import until

pytestmark = [pytest.mark.browser, pytest.mark.covers("C-48")]

TO_SIGN = "Sign with an obligation to pay"


def test_a_link_refuses_what_is_altered_incomplete_or_late_and_signs_once(
    live: Stack, agent: User, open_page: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    order(agent)
    link = walking.link_in_mail(live)
    page = open_page(link, screen=TELEPHONE)
    try_to_sign(page, by_hand=False)
    expect(page.locator("[data-signature-error]")).to_be_visible()

    document = SignatureRequest.objects.get().document
    flip_a_bit(document.file.name)
    try_to_sign(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("not the one that was sent")
    fair(page)
    flip_a_bit(document.file.name)

    page.goto(link)
    in_time = SignatureRequest.objects.get().expires_at
    SignatureRequest.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    try_to_sign(page)
    expect(page.get_by_role("heading", name="The time to sign has run out")).to_be_visible()
    assert not SignatureRequest.objects.get().is_signed
    fair(page)
    SignatureRequest.objects.update(expires_at=in_time)

    page.goto(link)
    walking.sign(page, SIGNER)
    signed_at = SignatureRequest.objects.get().signed_at
    page.goto(link)
    expect(page.get_by_role("heading", name="Signed. Thank you!")).to_be_visible()
    expect(page.get_by_text("signs nothing a second time")).to_be_visible()
    expect(page.get_by_role("button", name=TO_SIGN)).to_have_count(0)
    assert SignatureRequest.objects.get().signed_at == signed_at
    fair(page)
    until(lambda: SignatureRequest.objects.filter(signed_document__status="READY"), seconds=40)


def try_to_sign(page: Page, *, by_hand: bool = True) -> None:
    """Fill everything in, or all but the signature, and send it."""
    page.get_by_label("Who signs?").fill(SIGNER)
    if by_hand:
        walking.draw_signature(page)
    page.get_by_label("I have read the contract").check()
    page.get_by_role("button", name=TO_SIGN).click()


def flip_a_bit(name: str) -> None:
    """Alter a file in its middle; twice, and it is as it was."""
    with default_storage.open(name, "r+b") as file:
        content = bytearray(file.read())
        content[len(content) // 2] ^= 1
        file.seek(0)
        file.write(content)


def test_a_made_up_link_leads_nowhere(live: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page("/login/", screen=TELEPHONE)
    for token in ("x" * 43, "..;passwd", "%27%20OR%201=1--", "%00"):
        answer = page.goto(f"/sign/{token}/")
        assert answer is not None
        assert answer.status in {400, 404}, token
        expect(page.get_by_role("heading", level=1)).to_be_visible()
