"""What rules may ask about a customer's money, and about what is on its way to the ERP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from django.db.models import Count, Max, Min, Sum
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import ConflictStatus
from billing_sync.models import OpenItem, Standing, SyncConflict
from events.choices import DeliveryState
from events.models import Delivery
from utilcrm import clock
from utilcrm.facts import Fact, FactKind, Situation, Source, Value, accounts_of

_STANDING = frozenset({"dunning_level", "balance", "overdue", "credit_score"})
_ITEMS = frozenset({"open_items", "open_items_sum", "oldest_due_days"})


class MoneyFacts(Source):
    """
    The ERP's figures as it last told them, over all agreements of the account together.

    Where the ERP has never told anything, nothing is known and nothing fires.
    """

    facts: ClassVar[Sequence[Fact]] = (
        Fact(
            "dunning_level",
            _("Dunning level"),
            FactKind.NUMBER,
            _("The highest dunning level of the customer's business agreements, 0 without any."),
            is_of_erp=True,
        ),
        Fact(
            "balance",
            _("Balance"),
            FactKind.MONEY,
            _("What the customer owes in all; negative is a credit."),
            is_of_erp=True,
        ),
        Fact(
            "overdue",
            _("Overdue"),
            FactKind.MONEY,
            _("What is past its due date."),
            is_of_erp=True,
        ),
        Fact(
            "credit_score",
            _("Credit score"),
            FactKind.NUMBER,
            _("The lowest score of the customer's business agreements, of 100."),
            is_of_erp=True,
        ),
        Fact(
            "open_items",
            _("Number of open items"),
            FactKind.NUMBER,
            _("How many items are not settled; payments on account do not count."),
            is_of_erp=True,
        ),
        Fact(
            "open_items_sum",
            _("Sum of open items"),
            FactKind.MONEY,
            _("What all open items come to."),
            is_of_erp=True,
        ),
        Fact(
            "oldest_due_days",
            _("Days since the oldest open item was due"),
            FactKind.DAYS,
            _("Negative if nothing is due yet; not known without an open item."),
            is_of_erp=True,
        ),
        Fact(
            "sync_parked",
            _("A message to the ERP has stopped"),
            FactKind.YES_NO,
            _("A message about this customer was refused and waits for a person."),
        ),
        Fact(
            "conflict_open",
            _("CRM and ERP differ"),
            FactKind.YES_NO,
            _("A value of this customer was changed in both and is not settled."),
        ),
    )

    def load(
        self, situations: Sequence[Situation], wanted: frozenset[str]
    ) -> Iterable[Mapping[str, Value]]:
        """Return what is asked for, about each account."""
        ids = accounts_of(situations)
        found: dict[int, dict[str, Value]] = {pk: {} for pk in ids}
        if wanted & _STANDING:
            _standing(ids, found)
        if wanted & _ITEMS:
            _items(ids, found)
        if "conflict_open" in wanted:
            rows = SyncConflict.objects.filter(account_id__in=ids, status=ConflictStatus.OPEN)
            differing = set(rows.values_list("account_id", flat=True))
            for pk, values in found.items():
                values["conflict_open"] = pk in differing
        if "sync_parked" in wanted:
            _parked(situations, found)
        return [found.get(one.account_id or 0, {}) for one in situations]


def _standing(ids: list[int], found: dict[int, dict[str, Value]]) -> None:
    rows = (
        Standing.objects.filter(agreement__account_id__in=ids)
        .values("agreement__account_id")
        .annotate(
            level=Max("dunning_level"),
            owed=Sum("balance"),
            late=Sum("overdue"),
            score=Min("credit_score"),
        )
    )
    for row in rows:
        found[row["agreement__account_id"]] |= {
            "dunning_level": row["level"],
            "balance": row["owed"],
            "overdue": row["late"],
            "credit_score": row["score"],
        }


def _items(ids: list[int], found: dict[int, dict[str, Value]]) -> None:
    told = Standing.objects.filter(agreement__account_id__in=ids)
    for pk in told.values_list("agreement__account_id", flat=True).distinct():
        found[pk] |= {"open_items": 0, "open_items_sum": Decimal(0)}
    rows = (
        OpenItem.objects.filter(agreement__account_id__in=ids, amount__gt=0)
        .values("agreement__account_id")
        .annotate(number=Count("pk"), owed=Sum("amount"), oldest=Min("due_on"))
    )
    today = clock.today()
    for row in rows:
        oldest: dt.date = row["oldest"]
        found[row["agreement__account_id"]] |= {
            "open_items": row["number"],
            "open_items_sum": row["owed"],
            "oldest_due_days": (today - oldest).days,
        }


def _parked(situations: Sequence[Situation], found: dict[int, dict[str, Value]]) -> None:
    uuids = {one.account_uuid for one in situations if one.account_uuid is not None}
    rows = Delivery.objects.filter(account_uuid__in=uuids, state=DeliveryState.PARKED)
    stopped = set(rows.values_list("account_uuid", flat=True))
    for one in situations:
        if one.account_id is not None:
            found[one.account_id]["sync_parked"] = one.account_uuid in stopped
