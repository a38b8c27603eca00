"""The book of the ERP in the product, and what every page of a journey must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from billing_sync.models import DownloadRun
from billing_sync.services.downloading import start_download
from tests.support.accessibility import OF_COLOURS, RULES, barriers
from tests.support.live import Stack
from tests.support.programs import until

SETTLED = """() => Promise.race([
  Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))),
  new Promise((done) => setTimeout(done, 800)),
])"""
"""Colours that are on their way from one theme to the other have no contrast to judge yet."""


NAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{40,}")
"""What in an address names one record, or one signature."""

_seen_by_night: set[str] = set()


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """Whole journeys share a machine: wait longer than for a page alone."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """A browser that waits for a page as long as a person would on a bad day."""

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(60_000)
        return context

    return make


@pytest.fixture
def book(live: Stack, variant: str, begin_with: Callable[..., None]) -> Stack:
    """The live product with the ERP's customers in it, loaded by its own initial download."""

    def download() -> None:
        live.go_on()
        run = start_download()

        def ended() -> bool:
            run.refresh_from_db()
            return run.status != "RUNNING"

        until(ended, seconds=90)
        assert run.status == "DONE", DownloadRun.objects.values().get(pk=run.pk)
        live.hold()

    live.hold()
    begin_with(f"live_book_of_{variant}", download)
    live.go_on()
    return live


@pytest.fixture
def fair() -> Callable[[Page], None]:
    """Check that everybody can use a page by day and by night, and that it does not go sideways."""

    def problems(page: Page, rules: dict[str, Any]) -> list[tuple[str, list[str]]]:
        page.evaluate(SETTLED)
        return barriers(page, rules)

    def check(page: Page) -> None:
        kind = NAMED.sub("*", urlsplit(page.url).path)
        themes = [("light", RULES)]
        if kind not in _seen_by_night:
            # The colours are the same tokens everywhere: once a kind of page tells.
            _seen_by_night.add(kind)
            themes.append(("dark", OF_COLOURS))
        for theme, rules in themes:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            # A page that is just being changed is judged once more, at rest.
            lasting = problems(page, rules) and problems(page, rules)
            assert lasting == [], f"{page.url} {theme}"
        page.emulate_media(color_scheme="light")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url

    return check
