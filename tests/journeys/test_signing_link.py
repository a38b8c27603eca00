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
from tests.support.live import Stack, until

pytestmark = [pytest.mark.browser, pytest.mark.covers("C-48")]


@pytest.fixture
def link(live: Stack, agent: User) -> str:
    """The link as it came by e-mail."""
    order(agent)
    return walking.link_in_mail(live)


def test_a_link_signs_once_and_says_so_ever_after(
    link: str, open_page: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    walking.sign(open_page(link, screen=TELEPHONE), SIGNER)
    signed_at = SignatureRequest.objects.get().signed_at
    again = open_page(link, screen=TELEPHONE)
    expect(again.get_by_role("heading", name="Signed. Thank you!")).to_be_visible()
    expect(again.get_by_text("signs nothing a second time")).to_be_visible()
    expect(again.get_by_role("button", name="Sign with an obligation to pay")).to_have_count(0)
    assert SignatureRequest.objects.get().signed_at == signed_at
    fair(again)
    until(lambda: SignatureRequest.objects.filter(signed_document__status="READY"), seconds=40)


def test_a_page_left_open_beyond_its_time_signs_nothing(
    link: str, open_page: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    page = open_page(link, screen=TELEPHONE)
    SignatureRequest.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    page.get_by_label("Who signs?").fill(SIGNER)
    walking.draw_signature(page)
    page.get_by_label("I have read the contract").check()
    page.get_by_role("button", name="Sign with an obligation to pay").click()
    expect(page.get_by_role("heading", name="The time to sign has run out")).to_be_visible()
    assert not SignatureRequest.objects.get().is_signed
    fair(page)


def test_an_altered_document_is_not_signed(
    link: str, open_page: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    document = SignatureRequest.objects.get().document
    with default_storage.open(document.file.name, "r+b") as file:
        content = bytearray(file.read())
        content[len(content) // 2] ^= 1
        file.seek(0)
        file.write(content)
    page = open_page(link, screen=TELEPHONE)
    page.get_by_label("Who signs?").fill(SIGNER)
    walking.draw_signature(page)
    page.get_by_label("I have read the contract").check()
    page.get_by_role("button", name="Sign with an obligation to pay").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("not the one that was sent")
    assert not SignatureRequest.objects.get().is_signed
    fair(page)


@pytest.mark.parametrize("token", ["x" * 43, "..;passwd", "%27%20OR%201=1--", "%00"])
def test_a_made_up_link_leads_nowhere(
    live: Stack, open_page: Callable[..., Page], token: str
) -> None:
    page = open_page("/login/", screen=TELEPHONE)
    answer = page.goto(f"/sign/{token}/")
    assert answer is not None
    assert answer.status in {400, 404}
    expect(page.get_by_role("heading", level=1)).to_be_visible()
