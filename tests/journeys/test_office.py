"""Those who are not on the phone: the initial download on its screen, and another language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from access.models import User
from accounts.models import Account
from billing_sync.models import DownloadRun
from tests.support.live import CUSTOMERS, Stack

pytestmark = pytest.mark.browser


@pytest.mark.covers("C-18")
def test_the_download_shows_its_progress_survives_its_worker_and_creates_nothing_twice(
    live: Stack, supervisor: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    desk = page_of(supervisor, reverse("billing_sync:downloads"))
    expect(desk.locator("main")).to_contain_text("Nothing was downloaded yet")
    fair(desk)
    # Slow enough that the worker dies in the middle.
    live.erp.post("faults", [{"kind": "delay", "seconds": 0.7, "times": 12}])
    desk.get_by_role("link", name="Start the download").click()
    desk.get_by_role("button", name=re.compile("Start")).click()
    expect(desk.get_by_role("progressbar")).to_be_visible()
    live.programs["worker"].kill()
    live.programs["worker"].start()
    run = DownloadRun.objects.get()
    expect(desk.locator("#download-progress")).to_contain_text("Done", timeout=90_000)
    run.refresh_from_db()
    assert run.status == "DONE"
    assert Account.objects.count() == CUSTOMERS
    fair(desk)

    desk.reload()
    desk.get_by_role("link", name="Start the download").click()
    desk.get_by_role("button", name=re.compile("Start")).click()
    expect(desk.locator("#download-progress")).to_contain_text(
        re.compile(r"Done.*[1-9]\d* read · 0 new", re.S), timeout=60_000
    )
    assert Account.objects.count() == CUSTOMERS


def test_a_member_of_staff_works_in_german(
    live: Stack, agent: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    desk = page_of(agent)
    expect(desk.locator("html")).to_have_attribute("lang", "en")
    agent.language = "de"
    agent.save(update_fields=["language"])
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("lang", "de")
    fair(desk)
