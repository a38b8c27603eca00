"""The day on which a contract's end comes."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from contracts.choices import EffectOutcome, ItemStatus, ProcessEffect
from contracts.models import ContractItem, ProcessItem
from contracts.services.processes.locking import lock_items
from events.services import recording
from premises.services.serving import vacate_premise
from utilcrm import clock

_LIVE = (ItemStatus.QUEUED, ItemStatus.SENT, ItemStatus.ACCEPTED, ItemStatus.COMPLETED)
_AT_ONCE = 500


def end_if_due(item: ContractItem) -> bool:
    """End an item whose last day is over; the row is locked by the caller."""
    today = clock.today()
    if item.status != ItemStatus.COMPLETED or item.ends_on is None or item.ends_on > today:
        return False
    item.mark_ended(on=item.ends_on, at=timezone.now())
    premise = item.pod.premise
    others = ContractItem.objects.filter(pod__premise=premise, status__in=_LIVE)
    if not others.exclude(ends_on__lte=today).exists():
        vacate_premise(premise=premise)
    recording.record(
        "contracts.item.ended",
        subject=item,
        account_uuid=item.contract.account.uuid,
        payload={
            "contract_uuid": str(item.contract.uuid),
            "contract_number": item.contract.number,
            "item_uuid": str(item.uuid),
            "ends_on": item.ends_on.isoformat(),
        },
    )
    return True


def end_due_items() -> int:
    """
    End the items whose last day is over and whose end the ERP knows; return how many.

    What a process still waits for is left to the ERP's answer. Twice does no harm.
    """
    waiting = ProcessItem.objects.filter(
        outcome=EffectOutcome.PENDING, effect=ProcessEffect.ENDS
    ).values("item")
    due = (
        ContractItem.objects.filter(status=ItemStatus.COMPLETED, ends_on__lte=clock.today())
        .exclude(pk__in=waiting)
        .order_by("pk")
        .values_list("pk", flat=True)[:_AT_ONCE]
    )
    return sum(_end(item_id) for item_id in due)


@transaction.atomic
def _end(item_id: int) -> bool:
    [item] = lock_items([item_id])
    if not end_if_due(item):
        return False
    contract = item.contract
    contract.refresh_status(list(contract.items.values_list("status", flat=True)))
    return True
