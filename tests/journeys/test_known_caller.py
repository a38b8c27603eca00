"""A customer whom we know calls: proposed by the number, confirmed, and seen whole at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from access.models import User
from accounts.models import Account
from devices.models import DeviceInfoRecord
from interactions.models import Interaction
from tests.journeys import walking
from tests.support.live import Stack
from tests.support.programs import until

pytestmark = pytest.mark.browser

MARGARET = "Margaret Ashworth"
MARGARETS_SECOND_NUMBER = "0113 260 5987"
SCREEN_HEIGHT = 768
MOST_QUERIES = 20


def person(name: str) -> Account:
    first, last = name.split()
    return Account.objects.get(first_name=first, last_name=last)


@pytest.fixture
def erp(book: Stack) -> Iterator[Stack]:
    """The product with customers, and an ERP that runs again when the test is over."""
    yield book
    book.programs["erp"].start()


def figure(page: Page, label: str) -> Locator:
    return page.locator("#standing .figure").filter(has=page.get_by_text(label, exact=True))


def panel(page: Page, title: str) -> Locator:
    return page.locator(".panel").filter(has=page.get_by_role("heading", name=title))


def is_above_the_edge(part: Locator) -> bool:
    """Whether a part is on the screen down to its last line, without scrolling."""
    box = part.bounding_box()
    return box is not None and box["y"] + box["height"] <= SCREEN_HEIGHT


@pytest.mark.covers("B-01")
def test_the_account_is_proposed_by_the_first_answer_after_the_ring(
    book: Stack, agent: User, page_of: Callable[..., Page]
) -> None:
    desk = page_of(agent)
    asked = []
    desk.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else 0)
    walking.ring(book, MARGARETS_SECOND_NUMBER)
    rang_after = len(asked)
    expect(desk.locator(".ringing-proposal")).to_contain_text(MARGARET)
    # One question may be under way while it rings; at two a second the next comes in time.
    assert len(asked) - rang_after <= 2
    assert float(desk.locator("#live").get_attribute("data-poll") or 9) <= 0.5


@pytest.mark.covers(
    "B-01", "B-02", "B-03", "B-06", "B-07", "B-08", "B-11", "B-16", "B-18", "B-20", "B-21"
)
def test_a_known_caller_is_seen_whole_and_stays_so_when_the_erp_is_away(
    erp: Stack, agent: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    desk = page_of(agent)
    walking.ring(erp, MARGARETS_SECOND_NUMBER)
    walking.answer(desk)
    expect(desk.get_by_role("heading", name=MARGARET)).to_be_visible()
    desk.keyboard.press("Alt+c")
    bar = walking.context_bar(desk)
    account = person(MARGARET)
    expect(bar).to_contain_text(MARGARET)
    expect(bar).to_contain_text(account.agreements.get().number)
    contact = Interaction.objects.get()
    assert (contact.account, contact.channel, contact.direction) == (account, "PHONE", "INBOUND")

    # All six without scrolling, each figure of the ERP with its time.
    expect(figure(desk, "Balance")).to_contain_text("£")
    seen = [
        panel(desk, "Address and reach"),
        panel(desk, "Past contacts"),
        panel(desk, "Contracts"),
    ]
    seen += [figure(desk, name) for name in ("Balance", "Dunning", "Credit score", "Last bill")]
    # Asked again while the answer of the ERP takes the place of what was known.
    for part in seen:
        until(partial(is_above_the_edge, part))
    expect(desk.locator("#contracts")).to_contain_text("Holder")
    expect(figure(desk, "Balance")).to_contain_text(re.compile("as of|just now|ago|today", re.I))
    fair(desk)

    # The ERP goes away: figures grey, page whole, work goes on.
    erp.programs["erp"].stop()
    balance = figure(desk, "Balance").locator(".figure-value").inner_text()
    desk.reload()
    expect(desk.locator("#standing")).to_contain_text("The ERP does not answer")
    expect(desk.locator("#standing .standing")).to_have_class(re.compile("is-stale"))
    expect(figure(desk, "Balance").locator(".figure-value")).to_have_text(balance)
    expect(figure(desk, "Balance")).to_have_class(re.compile("stale"))
    fair(desk)

    # The caller is verified; only which facts were known is kept.
    desk.get_by_role("link", name="Verify caller").click()
    fair(desk)
    for point in desk.get_by_role("checkbox").all()[:3]:
        point.check()
    desk.get_by_role("button", name="Save").click()
    expect(bar).to_contain_text(re.compile("verified", re.I))
    contact.refresh_from_db()
    assert contact.verified_at is not None
    assert len(contact.verified_points) == 3

    # Another customer: nothing of Margaret stays.
    other = person("Daniel Okonkwo")
    desk.keyboard.press("/")
    desk.keyboard.type(other.agreements.get().number)
    expect(desk.locator("#search-results")).to_contain_text(other.name)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name=other.name)).to_be_visible()
    desk.keyboard.press("Alt+c")
    expect(bar).to_contain_text(other.name)
    expect(bar).to_contain_text(other.agreements.get().number)
    expect(desk.locator("body")).not_to_contain_text(account.agreements.get().number)


@pytest.mark.covers("B-16")
def test_the_whole_view_takes_no_more_than_twenty_queries(
    book: Stack, agent: User, client_for: Callable[..., object]
) -> None:
    client = client_for(agent)
    for name in (MARGARET, "Daniel Okonkwo"):
        url = reverse("interactions:account", args=[person(name).uuid])
        client.get(url)  # type: ignore[attr-defined]
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)  # type: ignore[attr-defined]
        assert answer.status_code == 200
        asked = [one["sql"] for one in queries if not one["sql"].startswith(("SET", "RESET"))]
        assert len(asked) <= MOST_QUERIES, "\n".join(asked)
        assert not [sql for sql in asked if "COUNT(*)" in sql]


@pytest.mark.covers("B-02", "B-09", "B-10", "B-11")
def test_whatever_a_caller_says_finds_account_or_premise(
    book: Stack, agent: User, page_of: Callable[..., Page], fair: Callable[[Page], None]
) -> None:
    desk = page_of(agent)
    account = person(MARGARET)
    # In a house of several flats, so that its page has neighbours to show.
    record = (
        DeviceInfoRecord.objects.select_related("pod__premise__connection_object")
        .filter(pod__premise__segment="RESIDENTIAL")
        .exclude(pod__premise__flat="")
        .order_by("erp_number")[0]
    )
    building = record.pod.premise.connection_object
    for said, expected in (
        ("Margret Ashwort", MARGARET),
        ("margaret.ashworth@example.com", MARGARET),
        (MARGARETS_SECOND_NUMBER, MARGARET),
        (account.number, MARGARET),
        (account.erp_number, MARGARET),
        ("1161803712245", "2 Station Road"),
        (f"{building.postcode} {record.serial_number}", building.street_line),
    ):
        desk.keyboard.press("/")
        desk.locator("#search-input").fill(said)
        expect(desk.locator("#search-results")).to_contain_text(expected)
    fair(desk)
    desk.locator("#search-input").press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(building.street_line)
    desk.keyboard.press("Alt+c")
    expect(walking.context_bar(desk)).to_contain_text(building.street_line)

    # A flat that stands empty is found by itself, and service can start there.
    desk.goto(reverse("premises:vacant"))
    fair(desk)
    desk.locator("main table a").first.click()
    expect(desk.get_by_text("Vacant", exact=True).first).to_be_visible()
    expect(desk.get_by_role("link", name="Start service here")).to_be_visible()
    fair(desk)
