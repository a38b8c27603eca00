"""Fixtures of the live product and of the people who look at it in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test.utils import override_settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from access.models import User
from billing_sync.services.connecting import connect_endpoint
from ops import debian
from premises.services.seeding import seed_market
from products.services.seeding import seed_demo_catalogue
from tenants.queries import current_profile
from tests.support.database import TestDatabase
from tests.support.live import CRM_USER, ERP_USER, Stack
from utilcrm.demo.networks import know_networks

AGENTS_SCREEN = {"width": 1366, "height": 768}
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def live_stack(
    request: pytest.FixtureRequest,
    test_database: TestDatabase,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """Web, worker and sandboxes, started once; ask for `live` instead."""
    with django_db_blocker.unblock():
        stack = Stack(test_database, tmp_path_factory.mktemp("live"))
    told = {name: value for name, value in stack.environment.items() if "SANDBOX" in name}
    smtp_host, _, smtp_port = told["SANDBOX_MAIL_SMTP"].partition(":")
    with override_settings(
        **{name: value for name, value in told.items() if hasattr(django_settings, name)},
        WEB_PORT=stack.server.port,
        EMAIL_HOST=smtp_host,
        EMAIL_PORT=int(smtp_port),
        ALLOWED_HOSTS=[".localhost", "127.0.0.1"],
    ):
        try:
            stack.start()
            stack.hold()
            yield stack
        finally:
            stack.stop(keep_logs=bool(request.session.testsfailed))


@pytest.fixture
def live(
    live_stack: Stack, redis_server: Any, variant: str, begin_with: Callable[..., None]
) -> Iterator[Stack]:
    """
    The running product, as on its first day: products to sell, an ERP to talk to, no customers.

    Everything commits; afterwards the database is made anew and the queue is empty.
    """

    def seed() -> None:
        seed_market(current_profile().market)
        know_networks(current_profile().market)
        seed_demo_catalogue()
        connect_endpoint(url=live_stack.erp_url, client=variant, **ERP_USER, **CRM_USER)

    live_stack.variant = variant
    begin_with(f"live_{variant}", seed)
    live_stack.go_on()
    live_stack.reset()
    yield live_stack
    live_stack.hold()
    redis_server.flush()


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """A browser of somebody who wants things to stand still: no processor time goes into looks."""
    return partial(new_context, reduced_motion="reduce")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Take the machine's Chromium, or the one that run.py has unpacked."""
    return {
        **browser_type_launch_args,
        "executable_path": debian.browser(),
        "args": ["--disable-gpu", "--disable-dev-shm-usage", "--no-sandbox"],
    }


# Reported for every 4xx answer, which tests of bad input ask for, and for a request that is under
# way when the test leaves the page.
_OF_THE_NETWORK = (
    "Failed to load resource",
    "htmx:sendError",
    "htmx:sendAbort",
    "htmx:timeout",
    "htmx:afterRequest",
)


class Complaints:
    """What a browser complains about: errors of scripts, and what the content policy refused."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def watch(self, page: Page) -> None:
        """Listen to a page for as long as it lives."""
        page.on("pageerror", lambda error: self.texts.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_OF_THE_NETWORK):
            self.texts.append(message.text)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test when a page that it opened had an error in a script or broke the policy."""
    heard = Complaints()
    yield heard
    assert heard.texts == []


@pytest.fixture
def open_page(
    live: Stack, new_context: Callable[..., BrowserContext], complaints: Complaints
) -> Callable[..., Page]:
    """Open a page of the product in a browser of its own: `open_page("/sign/…", TELEPHONE)`."""

    def visit(path: str, *, screen: dict[str, int] = AGENTS_SCREEN, **options: Any) -> Page:
        context = new_context(base_url=live.url, viewport=screen, locale="en-GB", **options)
        page = context.new_page()
        complaints.watch(page)
        page.goto(path)
        return page

    return visit


@pytest.fixture
def page_of(
    live: Stack,
    new_context: Callable[..., BrowserContext],
    client_for: Callable[..., Any],
    complaints: Complaints,
) -> Callable[..., Page]:
    """Open the workbench as a member of staff who is logged in: `page_of(agent)`."""

    def visit(user: User, path: str = "/", **options: Any) -> Page:
        session = client_for(user).cookies[django_settings.SESSION_COOKIE_NAME].value
        context = new_context(base_url=live.url, viewport=AGENTS_SCREEN, locale="en-GB", **options)
        context.add_cookies(
            [{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live.url}]
        )
        page = context.new_page()
        complaints.watch(page)
        page.goto(path)
        return page

    return visit
