"""
The handler of the destination ``supply``: millions of contracts follow, in stretches.

A stretch takes some seconds and asks for the next one in the transaction that finishes it. Every
chunk is a transaction of its own and may be done twice.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy

from contracts.models import ContractItem
from contracts.services.supplying.reconciling import reconcile
from contracts.services.supplying.volumes import refresh_volumes
from events.services.handling import Done, Envelope, Handler, Outcome
from events.services.outbox import enqueue
from products.models import Product, SupplyAgreement
from tenants.queries import current_profile

BUDGET = 15.0
"""Seconds of a stretch; the last chunk may take it some seconds further."""

CHUNK = 5_000
"""Keys in a chunk: agents who change one contract wait for a chunk at most."""

PRODUCT_FED, AGREEMENT_CHANGED, ALL = "product-fed", "agreement-changed", "all"


class SupplyHandler(Handler):
    """Lets contracts follow their product or their agreement."""

    kinds: ClassVar[Mapping[str, Any]] = {
        "all": gettext_lazy("Suppliers of all contracts"),
        "product-fed": gettext_lazy("Suppliers of a product's contracts"),
        "agreement-changed": gettext_lazy("Contracts of a changed supply agreement"),
    }

    def deliver(self, envelope: Envelope) -> Outcome:
        """Work for some seconds; the result says behind which key the next stretch begins."""
        with timezone.override(current_profile().time_zone):
            return Done(result={"after": _work(envelope.kind, envelope.payload)})

    def query(self, envelope: Envelope) -> Outcome:
        """Go on after the worker died: what is done twice is done once."""
        return self.deliver(envelope)

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Ask for the next stretch."""
        after = outcome.result["after"]
        if after is not None:
            enqueue(
                destination="supply",
                ordering_key=envelope.ordering_key,
                kind=envelope.kind,
                payload={**envelope.payload, "after": after},
            )


@transaction.atomic
def ask_for_all() -> None:
    """Have every contract looked at: gaps that can be filled are, the others are told."""
    enqueue(destination="supply", ordering_key="all", kind=ALL, payload={})


def _work(kind: str, payload: Mapping[str, Any]) -> int | None:
    wanted = _wanted(payload) if kind == PRODUCT_FED else {}
    ids = ContractItem.objects.aggregate(first=Min("id"), last=Max("id"))
    first, last = ids["first"] or 1, ids["last"] or 0
    after = int(payload.get("after", first - 1))
    until = time.monotonic() + BUDGET
    while after < last:
        reconcile(first_id=after + 1, last_id=after + CHUNK, **wanted)
        after += CHUNK
        if time.monotonic() > until:
            return after
    refresh_volumes()
    return None


def _wanted(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a change of a product's agreement asks of its contracts."""
    day = dt.date.fromisoformat(payload["valid_from"])
    product = Product.objects.get(code=payload["product_code"])
    wanted: dict[str, Any] = {"product_id": product.pk, "since": day}
    if payload["with_fixed"]:
        agreement = SupplyAgreement.objects.get(uuid=uuid.UUID(payload["agreement_uuid"]))
        wanted |= {"moved_to": agreement.pk, "moved_from": day}
    return wanted
