"""The ERP is stopped, loses answers after the work is done; Redis forgets everything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from access.models import User
from accounts.models import Account
from contracts.models import Contract
from tests.journeys import walking
from tests.journeys.ordering import SIGNER, order
from tests.journeys.walking import stage
from tests.support.browsing import TELEPHONE
from tests.support.live import Stack
from tests.support.programs import until
from tests.support.servers import REDIS

pytestmark = pytest.mark.browser


@pytest.fixture
def erp(live: Stack) -> Iterator[Stack]:
    """The product with an ERP that is running again when the test is over."""
    yield live
    live.programs["erp"].start()


def created(live: Stack) -> Counter[tuple[str, str]]:
    """Count what the ERP has really made, by kind of object and our own reference."""
    return Counter(
        (entry["object_type"], entry["external_reference"])
        for entry in live.erp.get("ledger")
        if entry["effect"] == "created"
    )


def is_set_up(contract: Contract) -> bool:
    return Contract.objects.filter(pk=contract.pk, status="ACTIVE").exists()


@pytest.mark.covers("N-01", "C-18", "A-10")
def test_a_contract_signed_while_the_erp_is_stopped_waits_visibly_and_arrives_by_itself(
    erp: Stack, agent: User, page_of: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    contract = order(agent)
    link = walking.link_in_mail(erp)
    erp.programs["erp"].stop()
    walking.sign(open_page(link, screen=TELEPHONE), SIGNER, by_hand=False)

    desk = page_of(agent, reverse("contracts:detail", args=[contract.uuid]))
    master_data = stage(desk, "ERP master data")
    expect(master_data).to_contain_text("ERP does not answer", timeout=40_000)
    expect(master_data).to_contain_text(re.compile(r"since|Since"))
    expect(master_data).to_contain_text(re.compile(r"next (attempt|try)", re.IGNORECASE))
    assert not walking.mails(erp, "Welcome")

    # The agent goes on: another customer is found, and a page with old figures opens.
    desk.keyboard.press("/")
    desk.keyboard.type("lovelace")
    expect(desk.locator("#search-results")).to_contain_text(SIGNER)
    desk.keyboard.press("Escape")

    erp.programs["erp"].start()
    expect(stage(desk, "ERP set-up")).to_have_class(re.compile("stage-done"), timeout=90_000)
    assert set(created(erp).values()) == {1}
    assert until(lambda: walking.mails(erp, "Welcome"), seconds=30)


@pytest.mark.covers("C-18")
def test_nothing_is_made_twice_when_answers_are_lost_and_redis_is_flushed(
    live: Stack, agent: User, open_page: Callable[..., Page]
) -> None:
    live.erp.post("faults", [{"kind": "commit_then_drop", "every": 3}])
    contract = order(agent)
    link = walking.link_in_mail(live)
    walking.sign(open_page(link, screen=TELEPHONE), SIGNER, by_hand=False)
    until(lambda: created(live))
    REDIS.flush()
    until(lambda: is_set_up(contract), seconds=120)

    made = created(live)
    assert set(made.values()) == {1}
    assert Counter(kind for kind, _reference in made) == {
        "BUSINESS_PARTNER": 1,
        "CONTRACT_ACCOUNT": 1,
        "CONNECTION_OBJECT": 1,
        "POINT_OF_DELIVERY": 1,
        "CONTRACT": 1,
    }
    assert Account.objects.get(pk=contract.account_id).is_replicated
    assert len(until(lambda: walking.mails(live, "Welcome"), seconds=30)) == 1
