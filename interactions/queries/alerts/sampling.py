"""For which share of the customers a rule would fire, by a sample."""

from __future__ import annotations

import random
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Min

from accounts.models import Account
from interactions.models import AlertRule
from interactions.queries.alerts.judging import holds
from utilcrm.facts import Situation, facts, load

SAMPLE = 200
BROAD_PERCENT = 95
"""From this share on a rule is shown as one that matches everybody."""


@dataclass(frozen=True)
class Share:
    """How many of how many sampled customers a rule would fire for, by what their data say now."""

    sampled: int
    matched: int
    is_limitless: bool = False

    @property
    def percent(self) -> int:
        """Return the share in whole per cent, rounded up: one in a thousand is not nobody."""
        return -(-100 * self.matched // self.sampled) if self.sampled else 0

    @property
    def is_broad(self) -> bool:
        """Whether it would fire for nearly everybody; without conditions it always would."""
        return self.is_limitless or (
            self.sampled > 0 and 100 * self.matched >= BROAD_PERCENT * self.sampled
        )


def share_of(rule: AlertRule) -> Share:
    """
    Return the estimated share.

    What only a contact knows, and what is asked about a premise, is taken to hold: the estimate is
    rather too high than too low.
    """
    conditions = [
        one
        for one in rule.conditions.all()
        if one.fact in facts() and not facts()[one.fact].is_of_contact
        if one.fact != "premise_vacant"
    ]
    situations = _sampled()
    found = load(situations, {one.fact for one in conditions})
    matched = sum(all(holds(one, values.get(one.fact)) for one in conditions) for values in found)
    return Share(len(situations), matched, is_limitless=not conditions)


def _sampled() -> list[Situation]:
    """Return customers at random places of the primary key: cheap however many there are."""
    ends = Account.objects.aggregate(lowest=Min("pk"), highest=Max("pk"))
    lowest, highest = ends["lowest"], ends["highest"]
    if lowest is None:
        return []
    if highest - lowest < SAMPLE:
        rows = list(Account.objects.values_list("pk", "uuid"))
    else:
        # A sample of what is there, not a secret.
        places = [random.randint(lowest, highest) for _number in range(SAMPLE)]  # noqa: S311
        with connection.cursor() as cursor:
            cursor.execute(_AT_PLACES, [places])
            rows = cursor.fetchall()
    return [Situation(account_id=pk, account_uuid=uuid) for pk, uuid in rows]


_AT_PLACES = """
    SELECT DISTINCT hit.id, hit.uuid FROM unnest(%s::bigint[]) AS place
    CROSS JOIN LATERAL (
        SELECT id, uuid FROM accounts_account WHERE id >= place ORDER BY id LIMIT 1
    ) AS hit
"""
