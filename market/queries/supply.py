"""What the register must know of a point of delivery: derived from the contracts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from contracts.choices import (
    OPEN_PROCESS,
    TAKEN_OVER,
    ItemRole,
    ItemStatus,
    ProcessEffect,
    ProcessKind,
    ProcessStatus,
)
from contracts.models import ContractItem, ProcessItem
from market.choices import ClaimReason, EndReason

SUPPLYING = (ItemStatus.COMPLETED, ItemStatus.ENDED, ItemStatus.CONFLICT, ItemStatus.IMPORTED)
"""A supply counts from the ERP's word that it is set up: what it refuses nobody hears of."""

_BY_KIND: dict[str, str] = {
    ProcessKind.MOVE_OUT: EndReason.MOVE_OUT,
    ProcessKind.TRANSFER: EndReason.MOVE_OUT,
    ProcessKind.TERMINATION_CUSTOMER: EndReason.CUSTOMER,
    ProcessKind.TERMINATION_SUPPLIER: EndReason.SUPPLIER,
    ProcessKind.WITHDRAWAL: EndReason.CUSTOMER,
    ProcessKind.END_OF_SUPPLY: EndReason.CUSTOMER,
}
_BY_REASON: dict[str, str] = {
    "NON_PAYMENT": EndReason.NON_PAYMENT,
    "MUTUAL": EndReason.AGREEMENT,
}


@dataclass(frozen=True, kw_only=True)
class Supply:
    """
    Days without a gap on which one customer is supplied by us at one point of delivery.

    Local days; `ends_on` is the first day without supply. Product changes, renewals, splits and
    joins are inside: they are no news to a register. `beginnings` are the days on which a contract
    item begins in it. `is_initial` says that the register knew it before it was wired to us.
    """

    account_id: int
    contract_id: int
    starts_on: dt.date
    ends_on: dt.date | None
    reason: ClaimReason
    is_initial: bool
    last_item_id: int
    beginnings: tuple[dt.date, ...] = ()

    def from_day(self, day: dt.date) -> Supply:
        """Return what is left of it from a day on, which begins anew there."""
        return replace(
            self,
            starts_on=day,
            reason=ClaimReason.REACTIVATION,
            is_initial=False,
            beginnings=tuple(one for one in self.beginnings if one >= day),
        )


@dataclass(frozen=True)
class _Leg:
    item: ContractItem
    ends_on: dt.date | None
    begun_by: str
    """The kind of the process that has begun the item; empty if a signature has."""


def supplies_at(pod_id: int, *, wired_since: dt.datetime) -> list[Supply]:
    """
    Return our supplies of a point of delivery, the earliest first, as the ERP has them.

    What a process has changed counts once the ERP has confirmed the whole of it.

    :param wired_since: the moment from which on the register is told of contracts
    """
    by_account: dict[int, list[_Leg]] = defaultdict(list)
    for leg in _legs(pod_id):
        by_account[leg.item.contract.account_id].append(leg)
    found = [
        _sum_up(legs, wired_since)
        for of_account in by_account.values()
        for legs in _without_gap(of_account)
    ]
    return sorted(found, key=lambda one: (one.starts_on, one.last_item_id))


def reason_of_end(item_id: int) -> str:
    """Return the register's reason for the end of an item; empty if no process here has set it."""
    row = (
        ProcessItem.objects.filter(
            item_id=item_id,
            effect=ProcessEffect.ENDS,
            process__status=ProcessStatus.CONFIRMED,
        )
        .select_related("process")
        .order_by("-pk")
        .first()
    )
    if row is None:
        return ""
    typed = str(row.process.facts.get("reason") or "")
    return str(_BY_REASON.get(typed) or _BY_KIND.get(row.process.kind, ""))


def pods_of_contract(contract_uuid: str) -> list[int]:
    """Return the points of delivery that a contract supplies."""
    rows = ContractItem.objects.filter(contract__uuid=contract_uuid, role=ItemRole.SUPPLY)
    return sorted(set(rows.values_list("pod_id", flat=True)))


def pods_of_process(process_uuid: str) -> list[int]:
    """Return the points of delivery that a process is about."""
    rows = ProcessItem.objects.filter(process__uuid=process_uuid, item__role=ItemRole.SUPPLY)
    return sorted(set(rows.values_list("item__pod_id", flat=True)))


def supplies_now(pod_id: int, day: dt.date) -> ContractItem | None:
    """Return our supply of a point of delivery on a local day, whoever has claimed it."""
    found: ContractItem | None = (
        ContractItem.objects.filter(
            pod_id=pod_id, role=ItemRole.SUPPLY, status__in=SUPPLYING, starts_on__lte=day
        )
        .exclude(ends_on__lte=day)
        .select_related("contract__account", "pod__premise")
        .first()
    )
    return found


def _legs(pod_id: int) -> Iterator[_Leg]:
    rows = list(
        ContractItem.objects.filter(pod_id=pod_id, role=ItemRole.SUPPLY, status__in=SUPPLYING)
        .select_related("contract")
        .order_by("starts_on", "pk")
    )
    unsettled, begun_by = _of_processes([item.pk for item in rows])
    for item in rows:
        ends_on = unsettled.get(item.pk, item.ends_on)
        if ends_on is None or ends_on > item.starts_on:
            yield _Leg(item, ends_on, begun_by.get(item.pk, ""))


def _of_processes(
    item_ids: Collection[int],
) -> tuple[dict[int, dt.date | None], dict[int, str]]:
    """Return the ends as they were before processes under way, and what has begun each item."""
    unsettled: dict[int, dt.date | None] = {}
    begun_by: dict[int, str] = {}
    rows = ProcessItem.objects.filter(item_id__in=item_ids).select_related("process")
    for row in rows.order_by("pk"):
        if row.effect == ProcessEffect.STARTS:
            begun_by[row.item_id] = row.process.kind
        elif row.process.status in OPEN_PROCESS and "ends_on" in row.before:
            before = row.before["ends_on"]
            unsettled[row.item_id] = dt.date.fromisoformat(before) if before else None
    return unsettled, begun_by


def _without_gap(legs: Iterable[_Leg]) -> Iterator[list[_Leg]]:
    together: list[_Leg] = []
    for leg in legs:
        if together and not _touches(together, leg):
            yield together
            together = []
        together.append(leg)
    if together:
        yield together


def _touches(together: Iterable[_Leg], leg: _Leg) -> bool:
    end = _end(together)
    return end is None or leg.item.starts_on <= end


def _end(legs: Iterable[_Leg]) -> dt.date | None:
    ends = [leg.ends_on for leg in legs]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _sum_up(legs: list[_Leg], wired_since: dt.datetime) -> Supply:
    first = legs[0]
    last = max(legs, key=lambda leg: (leg.ends_on or dt.date.max, leg.item.pk))
    return Supply(
        account_id=first.item.contract.account_id,
        contract_id=first.item.contract_id,
        starts_on=first.item.starts_on,
        ends_on=_end(legs),
        reason=_reason(first),
        is_initial=_is_initial(first, wired_since),
        last_item_id=last.item.pk,
        beginnings=tuple(leg.item.starts_on for leg in legs),
    )


def _reason(first: _Leg) -> ClaimReason:
    if first.begun_by == ProcessKind.REACTIVATION:
        return ClaimReason.REACTIVATION
    return ClaimReason.MOVE_IN if first.item.move_in else ClaimReason.SWITCH


def _is_initial(first: _Leg, wired_since: dt.datetime) -> bool:
    """
    Tell whether the register knew a supply before.

    That is what came from the ERP or another system (POSF loads such history with a flag that
    sets nothing off), and what was agreed before the register was wired.
    """
    item, contract = first.item, first.item.contract
    if first.begun_by and first.begun_by != ProcessKind.MOVE_IN:
        return item.created_at < wired_since
    if contract.source in TAKEN_OVER:
        return True
    agreed_at = max(moment for moment in (item.created_at, contract.signed_at) if moment)
    return agreed_at < wired_since
