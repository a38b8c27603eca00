"""What rules may ask about a customer's contracts and meters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from contracts.choices import BlockReason, ItemRole, ItemStatus
from contracts.models import ContractItem
from devices.choices import ReportStatus
from devices.models import ReadingReport
from premises.choices import Division
from products.queries.costing import add_months
from utilcrm import clock
from utilcrm.facts import Fact, FactKind, Situation, Source, Value, accounts_of

_UNDER_WAY = frozenset(
    {ItemStatus.BLOCKED, ItemStatus.QUEUED, ItemStatus.SENT, ItemStatus.ACCEPTED}
)


class ContractFacts(Source):
    """Supplies, their ends, and refused readings: two queries at most."""

    facts: ClassVar[Sequence[Fact]] = (
        Fact(
            "supplies",
            _("Number of running supplies"),
            FactKind.NUMBER,
            _("Supply contracts that run today or are being set up."),
        ),
        Fact(
            "electricity",
            _("Has electricity from us"),
            FactKind.YES_NO,
            _("A supply of electricity runs, or is being set up."),
        ),
        Fact(
            "gas",
            _("Has gas from us"),
            FactKind.YES_NO,
            _("A supply of gas runs, or is being set up."),
        ),
        Fact(
            "annual_kwh",
            _("Expected consumption per year, kWh"),
            FactKind.NUMBER,
            _("Of all running supplies together, as expected when they were sold."),
        ),
        Fact(
            "contract_ends_in_days",
            _("Days until a contract ends"),
            FactKind.DAYS,
            _("Until the first day without the supply that ends first; not known without an end."),
        ),
        Fact(
            "term_ends_in_days",
            _("Days until a fixed term ends"),
            FactKind.DAYS,
            _("Of the supply whose fixed term ends next; not known without a fixed term."),
        ),
        Fact(
            "awaits_signature",
            _("A signature is waited for"),
            FactKind.YES_NO,
            _("A contract was made and the customer has not signed it."),
        ),
        Fact(
            "contract_refused",
            _("The ERP has refused a contract"),
            FactKind.YES_NO,
            _("A contract was refused and nobody has mended it."),
        ),
        Fact(
            "reading_refused",
            _("A meter reading was refused"),
            FactKind.YES_NO,
            _("The ERP refused the last readings of a meter that the customer is supplied by."),
        ),
    )

    def load(
        self, situations: Sequence[Situation], wanted: frozenset[str]
    ) -> Iterable[Mapping[str, Value]]:
        """Return what is asked for, about each account."""
        ids = accounts_of(situations)
        found: dict[int, dict[str, Value]] = {pk: {} for pk in ids}
        if wanted - {"reading_refused"}:
            _supplies(ids, found)
        if "reading_refused" in wanted:
            refused = _refused(ids)
            for pk, values in found.items():
                values["reading_refused"] = pk in refused
        return [found.get(one.account_id or 0, {}) for one in situations]


def _supplies(ids: list[int], found: dict[int, dict[str, Value]]) -> None:
    by_account: dict[int, list[Any]] = {pk: [] for pk in ids}
    rows = ContractItem.objects.filter(contract__account_id__in=ids, role=ItemRole.SUPPLY).exclude(
        status__in=[ItemStatus.CANCELLED, ItemStatus.ENDED]
    )
    for row in rows.values_list(
        "contract__account_id",
        "division",
        "status",
        "block_reason",
        "starts_on",
        "ends_on",
        "fixed_from",
        "term_months",
        "expected_annual_kwh",
        named=True,
    ):
        by_account[row.contract__account_id].append(row)
    today = clock.today()
    for pk, items in by_account.items():
        running = [one for one in items if _runs(one, today)]
        ends = [one.ends_on for one in running if one.ends_on]
        terms = [end for one in running if (end := _term_end(one)) and end >= today]
        divisions = {one.division for one in running}
        found[pk] |= {
            "supplies": len(running),
            "electricity": Division.ELECTRICITY in divisions,
            "gas": Division.GAS in divisions,
            "annual_kwh": sum(one.expected_annual_kwh or 0 for one in running),
            "contract_ends_in_days": (min(ends) - today).days if ends else None,
            "term_ends_in_days": (min(terms) - today).days if terms else None,
            "awaits_signature": any(one.block_reason == BlockReason.SIGNATURE for one in items),
            "contract_refused": any(one.status == ItemStatus.REJECTED for one in items),
        }


def _runs(item: Any, today: dt.date) -> bool:
    is_over = item.ends_on is not None and item.ends_on <= today
    return not is_over and (item.status == ItemStatus.COMPLETED or item.status in _UNDER_WAY)


def _term_end(item: Any) -> dt.date | None:
    if item.ends_on is not None or not item.term_months:
        return None
    begun: dt.date = item.fixed_from or item.starts_on
    return add_months(begun, item.term_months)


def _refused(ids: list[int]) -> set[int]:
    later = ReadingReport.objects.filter(pod=OuterRef("pod"), pk__gt=OuterRef("pk")).exclude(
        status=ReportStatus.WITHDRAWN
    )
    today = clock.today()
    rows = (
        ReadingReport.objects.filter(
            status=ReportStatus.REFUSED,
            pod__contract_items__contract__account_id__in=ids,
            pod__contract_items__role=ItemRole.SUPPLY,
            pod__contract_items__status=ItemStatus.COMPLETED,
            pod__contract_items__starts_on__lte=today,
        )
        .exclude(Exists(later))
        .values_list("pod__contract_items__contract__account_id", "pod__contract_items__ends_on")
    )
    return {pk for pk, ends_on in rows if ends_on is None or ends_on > today}
