"""
Make the suppliers of contract items what products and agreements say, for any number of items.

The rule, day by day. A new item gets the agreement that feeds its product on its first day. With a
fixed term it is bought by the price of that day and stays with the agreement until the term or the
agreement ends. Without one, or behind it, it follows: the agreement that feeds its product on the
day, at that day's price. What somebody has chosen for an item stays as chosen.

Everything is derived from rows that are there, so it may run twice, be killed, or come late. Days
before `since` keep the agreement that they had.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from contracts.choices import NOT_SUPPLIED
from contracts.services.supplying.statements import CUT, DROP, FILL, FORGET_GAPS, TELL_GAPS
from products.models import SupplyAgreement
from utilcrm import clock
from utilcrm.db.locks import lock_until_commit
from utilcrm.db.staging import new_uuid_sql, run

MOST_PIECES = 60
"""Rounds of one call: each gives every item that has a gap its next piece."""

GAPS_AHEAD = dt.timedelta(days=90)
"""How far ahead a gap is told: what ends later than that can still be negotiated in peace."""


@dataclass(frozen=True)
class Gained:
    """What a run did: rows cut or dropped, rows made, gaps that are new."""

    cut: int
    made: int
    gaps: int


@transaction.atomic
def reconcile(
    *,
    first_id: int,
    last_id: int,
    product_id: int | None = None,
    since: dt.date | None = None,
    moved_to: int | None = None,
    moved_from: dt.date | None = None,
) -> Gained:
    """
    Give each supply item with a key in a range its supplier for each day, as far as there is one.

    Thousands at a time: one chunk is a transaction, and chunks of one tenant wait for each other.

    :param since: the first day whose agreement may be replaced; today if empty
    :param moved_to: the agreement to which those with a fixed price move, too, on `moved_from`
    """
    if not SupplyAgreement.objects.exists():
        # a company that does not keep its purchases here has no gaps in them
        return Gained(0, 0, 0)
    lock_until_commit("supply")
    today = clock.today()
    since = min(since or today, today)
    parameters: dict[str, Any] = {
        "first": first_id,
        "last": last_id,
        "product": product_id,
        "not_supplied": sorted(one.value for one in NOT_SUPPLIED),
        "since": since,
        "moved_to": moved_to,
        "moved_from": moved_from,
        "told_from": (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1),
        "told_to": today + GAPS_AHEAD,
    }
    cut = run(DROP, parameters) + run(CUT, parameters)
    made = 0
    fill = FILL.replace("NEW_UUID", new_uuid_sql())
    for _round in range(MOST_PIECES):
        gained = run(fill, parameters)
        made += gained
        if not gained:
            break
    run(FORGET_GAPS, parameters)
    gaps = run(TELL_GAPS.replace("NEW_UUID", new_uuid_sql()), parameters)
    return Gained(cut, made, gaps)
