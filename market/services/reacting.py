"""What the register tells of its own accord, and what it means here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contracts.models import ContractItem
from devices.queries import meters_at
from devices.services.measured import MeasuredValuesRefused, record_measured
from events.services import recording
from market.choices import (
    UNANSWERED,
    ClaimReason,
    Direction,
    DisconnectionStatus,
    PeriodStatus,
    TaskKind,
)
from market.gateway.canonical import Incoming, PlaceChanged, PlaceCut, SupplyLost, ValuesMeasured
from market.models import DisconnectionOrder, RegisterMessage, SupplyPeriod
from market.queries.supply import supplies_now
from market.services.comparing import differences
from market.services.recording import tell_period
from market.services.tasking import open_task, settle_tasks
from market.services.telling import call_off
from premises.models import PointOfDelivery

_ORDERED = DisconnectionStatus.ORDERED
_CAN_BE_LOST = (
    PeriodStatus.CLAIMED,
    PeriodStatus.CONFIRMED,
    PeriodStatus.ENDING,
    PeriodStatus.WITHDRAWING,
)


def react(kept: RegisterMessage, message: Incoming) -> None:
    """Do what a message asks for that is no answer; its point of delivery is known here."""
    for kind, reaction in _REACTIONS.items():
        if isinstance(message, kind):
            reaction(kept, message)
            return


def _lost(kept: RegisterMessage, message: SupplyLost) -> None:
    """Another supplier has the customer: our contract has to end on the same day."""
    pod = _pod(kept)
    item = supplies_now(pod.pk, message.ends_on - dt.timedelta(days=1))
    period = _period_before(pod, message.ends_on)
    if period is None:
        over = _over(pod, message.ends_on, item)
        if over is not None:
            _lost_again(kept, over, message.ends_on)
            return
        period = _initial(pod, item) if item is not None else None
    if period is None:
        text = _("Another supplier takes over on %(day)s, but we do not supply this point.")
        open_task(TaskKind.SUPPLY_LOST, text=text % {"day": _shown(message.ends_on)}, message=kept)
        return
    for open_message in period.messages.filter(direction=Direction.OUT, status__in=UNANSWERED):
        call_off(open_message, reason=_("Another supplier has taken over."))
    _belongs(kept, period)
    period.mark_lost(ends_on=message.ends_on, at=timezone.now())
    settle_tasks(period, TaskKind.OVERDUE, TaskKind.REASON_MISSING)
    goes_on = supplies_now(pod.pk, message.ends_on)
    if goes_on is not None and goes_on.contract.account_id == period.account_id:
        text = _(
            "Another supplier delivers from %(day)s. End our supply on that day, or object at the "
            "network operator."
        )
        open_task(
            TaskKind.SUPPLY_LOST,
            text=text % {"day": _shown(message.ends_on)},
            period=period,
            due_on=message.ends_on,
        )
    tell_period("lost", period, text=_shown(message.ends_on))


def _period_before(pod: PointOfDelivery, day: dt.date) -> SupplyPeriod | None:
    rows = (
        SupplyPeriod.objects.select_for_update(of=("self",))
        .select_related("account", "contract", "pod")
        .filter(pod=pod, status__in=_CAN_BE_LOST, starts_on__lte=day)
        .exclude(ends_on__lt=day, status=PeriodStatus.ENDING)
    )
    found: SupplyPeriod | None = rows.order_by("-starts_on", "-pk").first()
    return found


def _over(pod: PointOfDelivery, day: dt.date, item: ContractItem | None) -> SupplyPeriod | None:
    """Return the period of ours that was over already, of the supply on the day before."""
    rows = SupplyPeriod.objects.select_related("account").filter(
        pod=pod, status__in=[PeriodStatus.ENDED, PeriodStatus.LOST], starts_on__lte=day
    )
    found: SupplyPeriod | None = rows.order_by("-starts_on", "-pk").first()
    if found is None or found.ends_on is None or item is None:
        return found
    is_same = item.contract.account_id == found.account_id and item.starts_on < found.ends_on
    return found if is_same else None


def _lost_again(kept: RegisterMessage, over: SupplyPeriod, day: dt.date) -> None:
    """Another one follows what was over: no news, unless the days do not fit together."""
    _belongs(kept, over)
    is_lost = over.status == PeriodStatus.LOST
    if over.ends_on is None or over.ends_on == day or (over.ends_on < day and not is_lost):
        return
    text = _(
        "Another supplier delivers from %(day)s, but the register has had our supply end on "
        "%(before)s. Clear it up with the network operator."
    )
    open_task(
        TaskKind.SUPPLY_LOST,
        text=text % {"day": _shown(day), "before": _shown(over.ends_on)},
        message=kept,
        due_on=day,
    )


def _initial(pod: PointOfDelivery, item: ContractItem) -> SupplyPeriod:
    """Take up a supply that the register knew before us, for now something happens to it."""
    made: SupplyPeriod = SupplyPeriod.objects.create(
        pod=pod,
        account_id=item.contract.account_id,
        contract_id=item.contract_id,
        starts_on=item.starts_on,
        claim_reason=ClaimReason.SWITCH,
        is_initial=True,
        status=PeriodStatus.CONFIRMED,
    )
    return made


def _cut(kept: RegisterMessage, message: PlaceCut) -> None:
    pod = _pod(kept)
    item = supplies_now(pod.pk, message.changed_on)
    account = item.contract.account if item is not None else None
    _about(kept, account)
    order = (
        DisconnectionOrder.objects.select_for_update(of=("self",))
        .filter(
            pod=pod,
            status__in=[
                DisconnectionStatus.ORDERED,
                DisconnectionStatus.CUT,
                DisconnectionStatus.RESTORING,
            ],
        )
        .first()
    )
    if order is None and not message.is_restored:
        text = _("The network operator has cut the point off on %(day)s: %(why)s")
        facts = {"day": _shown(message.changed_on), "why": message.reason or "–"}
        open_task(TaskKind.PLACE_CUT, text=text % facts, message=kept)
    elif order is not None and message.is_restored and order.status != _ORDERED:
        order.mark_restored(on=message.changed_on)
    elif order is not None and not message.is_restored and order.status == _ORDERED:
        order.mark_cut()
    recording.record(
        "market.point.restored" if message.is_restored else "market.point.cut",
        subject=pod,
        account_uuid=account.uuid if account else None,
        payload={
            "pod_uuid": str(pod.uuid),
            "pod": pod.external_id,
            "text": message.reason,
            "effective_on": message.changed_on.isoformat(),
        },
    )


def _changed(kept: RegisterMessage, message: PlaceChanged) -> None:
    """Say where the network operator's word differs from ours; nothing is overwritten."""
    pod = _pod(kept)
    item = supplies_now(pod.pk, message.changed_on)
    _about(kept, item.contract.account if item is not None else None)
    serials = {one.serial_number for one in meters_at(pod, on=message.changed_on)}
    found = differences(message.place, pod=pod, serials=serials, on=message.changed_on)
    if found:
        open_task(TaskKind.PLACE_CHANGED, text=" ".join(found), message=kept)


def _measured(kept: RegisterMessage, message: ValuesMeasured) -> None:
    pod = _pod(kept)
    item = supplies_now(pod.pk, message.read_on)
    _about(kept, item.contract.account if item is not None else None)
    try:
        record_measured(
            pod=pod,
            serial=message.serial,
            read_on=message.read_on,
            values=[(one.code, one.value) for one in message.values],
        )
    except MeasuredValuesRefused as exc:
        open_task(TaskKind.VALUES_REFUSED, text=str(exc), message=kept)


def _pod(kept: RegisterMessage) -> PointOfDelivery:
    if kept.pod is None:
        raise ValueError("a message about no point of delivery")
    return kept.pod


def _belongs(kept: RegisterMessage, period: SupplyPeriod) -> None:
    kept.period = period
    kept.save(update_fields=["period", "updated_at"])
    _about(kept, period.account)


def _about(kept: RegisterMessage, account: Any) -> None:
    """Note whose customer a message is about, by which it is seen."""
    if account is not None:
        kept.account_uuid, kept.segment = account.uuid, account.segment
        kept.save(update_fields=["account_uuid", "segment", "updated_at"])


def _shown(day: dt.date) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))


_REACTIONS: dict[type[Incoming], Callable[[RegisterMessage, Any], None]] = {
    SupplyLost: _lost,
    PlaceCut: _cut,
    PlaceChanged: _changed,
    ValuesMeasured: _measured,
}
