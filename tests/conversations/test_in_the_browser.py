"""A working day with what customers write, in a real Chromium: by keyboard, on any screen."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from conversations.choices import Security
from conversations.models import Message, ReplyDraft, ReplyTemplate
from conversations.services.connecting import connect_mailbox
from sandbox.mail.imap import PASSWORD
from tests.conversations.test_attaching import paper
from tests.conversations.writing import bounce_of, letter
from tests.support.accessibility import OF_COLOURS, RULES, barriers
from tests.support.browsing import AGENTS_SCREEN, TELEPHONE
from tests.support.live import Stack

pytestmark = pytest.mark.browser

ADDRESS = "service@unified.example"
PATIENCE = 20_000


@pytest.fixture
def mailbox(live: Stack) -> Any:
    """A mailbox that is fetched by the worker, from the stand-in's IMAP side."""
    ReplyTemplate.objects.create(name="Thanks", language="en", text="Thank you, {customer}.")
    return connect_mailbox(
        name="Service",
        address=ADDRESS,
        host="127.0.0.1",
        port=live.ports.imap,
        username=ADDRESS,
        password=PASSWORD,
        security=Security.PLAIN,
        signature="Your service team",
    )


@pytest.fixture
def arrives(live: Stack, mailbox: Any) -> Any:
    """Have an e-mail arrive by SMTP, as from outside."""

    def send(raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", live.ports.smtp) as smtp:
            smtp.sendmail("", [ADDRESS], b"\r\n".join(raw.splitlines()))

    return send


def fair(page: Page, *paths: str) -> None:
    """Check pages for what keeps people out, and for going sideways, on both screens."""
    root = "/".join(page.url.split("/")[:3])
    for path in paths:
        page.goto(f"{root}{path}")
        for size, rules in ((AGENTS_SCREEN, RULES), (TELEPHONE, OF_COLOURS)):
            page.set_viewport_size(size)
            assert barriers(page, rules) == [], path
            wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wider, f"{path} is wider than {size['width']}"
        page.set_viewport_size(AGENTS_SCREEN)


@pytest.mark.covers("B-01")
@pytest.mark.covers("B-15")
def test_an_email_is_taken_up_and_answered_by_keyboard_and_nothing_typed_is_lost(
    arrives: Any, agent: Any, tenant_admin: Any, customer: Any, page_of: Any
) -> None:
    page: Page = page_of(agent, "/")
    arrives(letter(html="<p>Hello<script>alert(1)</script></p>", files=(("a.pdf", b"%PDF-1.7"),)))
    expect(page.get_by_text("perhaps Marjorie Thistlewood")).to_be_visible(timeout=PATIENCE)

    page.goto(reverse("conversations:list"))
    expect(page.locator(".contact-row")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("My bill")
    page.keyboard.press("Alt+a")
    page.get_by_role("button", name="Confirm Marjorie Thistlewood").press("Enter")
    expect(page.locator("#context-bar")).to_contain_text("Marjorie Thistlewood")
    expect(page.get_by_role("link", name="a.pdf")).to_be_visible(timeout=PATIENCE)

    page.keyboard.press("Alt+r")
    page.keyboard.type("Dear Marjorie,")
    # The second in which it would have been saved never comes.
    page.reload()
    expect(page.locator("#id_text")).to_have_value("Dear Marjorie,")
    expect(page.locator("#draft-state")).to_contain_text("Saved")
    page.keyboard.press("Alt+i")
    expect(page.locator("#id_text")).to_have_value(
        "Dear Marjorie,\n\nThank you, Marjorie Thistlewood."
    )
    assert ReplyDraft.objects.get().text.endswith("Thank you, Marjorie Thistlewood.")

    page.locator("#reply-file").set_input_files(
        {"name": "your bill.pdf", "mimeType": "application/pdf", "buffer": paper()}
    )
    expect(page.locator("#reply-files")).to_contain_text("your bill.pdf")
    expect(page.locator("#reply-file")).to_have_value("")
    taken = Message.objects.get(direction="IN").conversation
    here = reverse("conversations:detail", args=[taken.uuid])
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#id_text").fill("From another window")
    expect(other.locator("#draft-state")).to_contain_text("Saved")
    page.locator("#id_text").press_sequentially(" And more.")
    expect(page.locator("#draft-state")).to_contain_text("Another window")
    fair(page, here, reverse("conversations:pass_on", args=[taken.uuid]))
    page.goto(here)
    expect(page.get_by_text("From another window", exact=True)).to_be_visible()

    page.get_by_role("button", name="Send").press("Enter")
    expect(page.locator("#lines")).to_contain_text("Sent", timeout=PATIENCE)
    expect(page.get_by_role("link", name="your bill.pdf")).to_be_visible()
    arrives(bounce_of(Message.objects.get(author=agent).message_id))
    expect(page.locator("#lines")).to_contain_text("Came back", timeout=PATIENCE)
    expect(page.locator("#conversation-status")).to_contain_text("Waits for us")
    fair(page, here, f"{reverse('conversations:list')}?show=all")
    fair(
        page_of(tenant_admin, "/"),
        reverse("conversations:mailboxes"),
        reverse("conversations:scan"),
    )


@pytest.mark.covers("B-01")
def test_a_chat_is_live_on_both_sides_and_markup_is_text(
    live: Stack, agent: Any, page_of: Any, open_page: Any
) -> None:
    visitor: Page = open_page(reverse("portals:chat"), screen=TELEPHONE)
    assert barriers(visitor) == []
    visitor.locator("#id_name").fill("Ada")
    visitor.locator("#id_address").fill("ada@example.com")
    visitor.locator("#id_text").fill("<img src=x onerror=window.hit=1> Hello?")
    visitor.get_by_role("button", name="Begin").click()
    expect(visitor.get_by_text("Somebody will be with you")).to_be_visible()

    page: Page = page_of(agent, reverse("conversations:list"))
    expect(page.locator(".contact-row")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("onerror")
    page.keyboard.press("Alt+a")
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.type("Good day.")
    page.keyboard.press("Enter")
    page.keyboard.type("How can")
    expect(visitor.locator("#lines")).to_contain_text("Good day.")
    # What was typed while the line was on its way is still there.
    expect(page.locator("#id_text")).to_have_value("How can")
    visitor.locator("#id_text").fill("<b>My bill</b>")
    visitor.keyboard.press("Enter")
    expect(page.locator("#lines")).to_contain_text("<b>My bill</b>")
    for side in (page, visitor):
        assert barriers(side) == []
        assert side.evaluate("window.hit") is None
        assert not side.evaluate("document.documentElement.scrollWidth > innerWidth")

    # The line breaks: what could not be sent stays, and goes once when it is back.
    visitor.context.set_offline(True)
    visitor.locator("#id_text").fill("Once")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#id_text")).to_have_value("Once")
    visitor.context.set_offline(False)
    visitor.locator("#id_text").press("Enter")
    expect(page.locator("#lines")).to_contain_text("Once")
    assert Message.objects.filter(text="Once").count() == 1

    page.reload()
    expect(page.locator("#id_text")).to_have_value("How can")
    visitor.get_by_role("button", name="End the chat").click()
    expect(visitor.get_by_text("This chat has ended.")).to_be_visible()
    expect(page.locator("#lines")).to_contain_text("The visitor has left the chat.")
    fair(visitor, reverse("portals:ask"), reverse("portals:chat"))


@contextmanager
def another_site(body: str) -> Iterator[str]:
    """Serve one page from a site that is not ours."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://another.localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.covers("B-01")
def test_a_button_on_another_site_opens_the_chat(live: Stack, open_page: Any) -> None:
    page: Page = open_page(reverse("portals:ask"), screen=TELEPHONE)
    script = f'<script src="{live.url}{reverse("portals:chat_widget")}" data-label="Ask us">'
    with another_site(f'<html lang="en"><body><h1>Us</h1>{script}</script></body></html>') as site:
        page.goto(site)
        with page.expect_popup() as opened:
            page.get_by_role("button", name="Ask us").press("Enter")

    expect(opened.value.get_by_role("heading", name="Chat with us")).to_be_visible()
    opened.value.locator("#id_name").fill("Ada")
    opened.value.locator("#id_text").fill("Hello?")
    opened.value.get_by_role("button", name="Begin").click()
    expect(opened.value.get_by_text("we know no other way to reach you")).to_be_visible()
