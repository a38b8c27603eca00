"""Finding and making a place of supply in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from premises.models import PointOfDelivery
from premises.services.seeding import seed_market
from tests.factories.premises import PremiseFactory, make_mpan

pytestmark = pytest.mark.browser


def test_an_agent_finds_the_street_and_makes_the_missing_flat(
    page_of: Callable[..., Page], agent
) -> None:
    seed_market("GB")
    PremiseFactory(connection_object__house_number="7", flat="Flat 1")
    page = page_of(agent, "/premises/find/")

    page.get_by_label("Postcode").fill("nw1 6xe")
    page.get_by_label("Street").fill("baker")
    expect(page.get_by_role("heading", name="7 Baker Street, London NW1 6XE")).to_be_visible()
    page.get_by_role("link", name="New flat here").click()

    page.get_by_label("Flat").fill("Flat 2")
    identifier = page.get_by_label("Electricity", exact=True)
    identifier.fill("2000052180113")
    identifier.press("Tab")
    expect(page.get_by_text("these digits of MPAN would end in 2")).to_be_visible()
    identifier.fill(make_mpan(4711))
    identifier.press("Tab")
    expect(page.get_by_label("Distributor").first).to_have_value(re.compile("[0-9a-f-]{36}"))
    page.get_by_role("button", name="Create the place of supply").click()

    page.wait_for_url(re.compile(r"/premises/[0-9a-f-]{36}/"))
    assert PointOfDelivery.objects.get().premise.flat == "Flat 2"
