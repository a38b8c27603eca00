"""What is special about the items of a contract, for the page that shows them."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.choices import EffectOutcome, ItemRole, ProcessEffect
from contracts.models import ContractItem, ProcessItem
from utilcrm import clock


def explain_terms(items: Sequence[ContractItem]) -> None:
    """
    Say on each item from when its prices hold, and whether others inherit from it.

    Sets `prices_from` (a coming day, or None) and `is_main` (of several premises), in one query.
    """
    rows = ProcessItem.objects.filter(
        item__in=items,
        effect=ProcessEffect.CHANGES,
        after__has_key="prices",
        process__effective_on__gt=clock.today(),
    ).exclude(outcome=EffectOutcome.REFUSED)
    coming = dict(rows.values_list("item_id", "process__effective_on").order_by("pk"))
    live = [one for one in items if one.role == ItemRole.SUPPLY and one.ends_on is None]
    main = live[0] if len({one.pod.premise_id for one in live}) > 1 else None
    for one in items:
        one.prices_from = coming.get(one.pk)  # type: ignore[attr-defined]
        one.is_main = main is not None and one.pk == main.pk  # type: ignore[attr-defined]
