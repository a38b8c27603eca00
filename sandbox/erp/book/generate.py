"""Makes a client's first book: the same one each time, but for the day it was made."""

import json
from datetime import date

from sandbox.erp.book import market, metering
from sandbox.erp.book.builder import Builder
from sandbox.erp.book.memorable import ROLES, Memorable
from sandbox.erp.book.population import Population
from sandbox.erp.book.store import Store
from sandbox.erp.clients import Client

UNKNOWN_BUILDING = "39999999"


def generate(store: Store, client: Client, *, customers: int, today: date) -> None:
    """Fill an empty book.

    `customers` is the number of business partners; the memorable ones are always there and count.
    """
    builder = Builder(client, today)
    Memorable(builder).add()
    Population(builder).add(max(customers, len(ROLES)))
    if client.code == "unified":
        _make_dirty(builder)
    if not client.info_records:
        metering.fill_stock(builder)
    with store.transaction():
        builder.write(store)
        store.set_meta("people", json.dumps(builder.remembered, ensure_ascii=False))
        store.set_meta("made_on", today.isoformat())
        store.set_meta("customers", str(customers))


def _make_dirty(builder: Builder) -> None:
    """Add what old systems have: three points of delivery and a premise without a parent.

    The three hang on buildings that were deleted, and have no contract.
    """
    own = ("GB-UNIFIED", builder.client.name)
    since = date(2015, 4, 1)
    premise = builder.rows["premise"][-1]["id"]
    first = len(builder.rows["point_of_delivery"]) + 1
    for n in range(3):
        builder.dirty(
            "point_of_delivery",
            id=builder.number("point_of_delivery"),
            premise_id=premise,
            co_id=f"{UNKNOWN_BUILDING}{n + 1:02d}",
            external_id=market.external_id("GB", "ELECTRICITY", first + n),
            scheme="MPAN",
            division="ELECTRICITY",
            valid_from="2010-01-01",
            services=market.services("GB", "ELECTRICITY", first + n, own=own, start=since),
        )
    builder.dirty(
        "premise",
        id=builder.number("premise"),
        co_id=f"{UNKNOWN_BUILDING}99",
        flat="Flat 1",
        floor="Ground floor",
        category="HOUSEHOLD",
        segment=None,
    )
