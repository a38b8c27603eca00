"""Which processes can begin now, and with which contracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import Account
from contracts.models import Contract
from contracts.services.processes.live import looked_at_once
from contracts.services.processes.registry import KINDS, Kind
from premises.models import Premise

_MOST = 30


@dataclass(frozen=True)
class Offer:
    """A process about a contract; `why_not` is empty if it can begin."""

    kind: Kind
    contract: Contract
    why_not: str

    @property
    def is_possible(self) -> bool:
        """Whether it can begin now."""
        return not self.why_not

    @property
    def slug(self) -> str:
        """Return the kind as addresses write it."""
        return slug_of(self.kind.code)


def slug_of(code: str) -> str:
    """Return a kind as addresses write it."""
    return code.lower().replace("_", "-")


def offers_for(contract: Contract, *, user: Any) -> list[Offer]:
    """Return the kinds of processes about a contract that a person may do, possible ones first."""
    kinds = [
        kind
        for kind in sorted(KINDS.values(), key=lambda kind: kind.order)
        if kind.starts_from == "contract" and kind.code != "UNDO" and user.has_perm(kind.permission)
    ]
    with looked_at_once():
        found = [Offer(kind, contract, kind.possible(contract)) for kind in kinds]
    return sorted(found, key=lambda offer: not offer.is_possible)


def candidates(account: Account, premise: Premise | None) -> list[Contract]:
    """Return an account's contracts, at one premise if there are any, the newest first."""
    rows = Contract.objects.filter(account=account).select_related("account")
    rows = rows.prefetch_related("items__pod__premise__connection_object")
    if premise is not None:
        there = list(rows.filter(items__pod__premise=premise).distinct().order_by("-pk")[:_MOST])
        if there:
            return there
    return list(rows.order_by("-pk")[:_MOST])
