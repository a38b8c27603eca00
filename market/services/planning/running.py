"""Tell the register what it does not know yet of one point of delivery; twice does no harm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from market.choices import (
    OURS_THERE,
    UNANSWERED,
    ClaimReason,
    Direction,
    EndReason,
    MessageKind,
    MessageStatus,
    PeriodStatus,
    TaskKind,
)
from market.gateway.canonical import Outgoing
from market.models import MarketEndpoint, RegisterMessage, SupplyPeriod
from market.queries import active_endpoint
from market.queries.supply import Supply, reason_of_end, supplies_at
from market.services import wording
from market.services.planning.matching import match
from market.services.planning.steps import Step, next_step
from market.services.recording import tell_period
from market.services.tasking import open_task, settle_tasks
from market.services.telling import call_off, tell
from premises.models import PointOfDelivery
from utilcrm import clock

_UNCLAIMED = (PeriodStatus.PLANNED, PeriodStatus.CLAIMED, PeriodStatus.REJECTED)
_WITH_REASON = (MessageKind.NOTICE, MessageKind.END)


@transaction.atomic
def plan_point(pod_id: int) -> None:
    """
    Compare our supplies of a point of delivery with what was told, and tell what is missing.

    One message a period is under way at a time; its answer has this called again.
    """
    endpoint = active_endpoint()
    if endpoint is None:
        return
    pod = PointOfDelivery.objects.select_for_update(no_key=True).get(pk=pod_id)
    while _plan(pod, endpoint):
        # A claim that never left the house makes way for what is true now.
        continue


def _plan(pod: PointOfDelivery, endpoint: MarketEndpoint) -> bool:
    told = (
        SupplyPeriod.objects.select_for_update(of=("self",))
        .select_related("account", "contract", "pod")
        .filter(pod=pod)
    )
    supplies = supplies_at(pod.pk, wired_since=endpoint.created_at)
    found = match(supplies, told)
    gave_way = [_go_on(period, supply) for period, supply in found.pairs]
    if any(gave_way):
        return True
    for period in found.differing:
        _differs(period)
    for supply in found.new:
        _begin(pod, supply, reason=_reason_to_claim(supply, supplies))
    return False


def _go_on(period: SupplyPeriod, supply: Supply | None) -> bool:
    """Tell what is missing of a period; return whether its claim was dropped."""
    today = clock.today()
    supply = _as_confirmed(period, supply)
    for message in period.messages.filter(direction=Direction.OUT, status__in=UNANSWERED):
        if _is_wanted(message, period, supply) or not call_off(
            message, reason=_("It is no longer so.")
        ):
            return False
    same_start = supply is not None and supply.starts_on == period.starts_on
    if period.status in _UNCLAIMED and not same_start:
        period.mark_withdrawn(at=timezone.now())
        settle_tasks(period, TaskKind.CLAIM_REJECTED, TaskKind.OVERDUE, TaskKind.MESSAGE_STOPPED)
        tell_period("dropped", period)
        return True
    step = next_step(period, supply, today=today, refused=_refused(period))
    if step is not None:
        _take(period, supply, step)
    return False


def _as_confirmed(period: SupplyPeriod, supply: Supply | None) -> Supply | None:
    """
    Return a supply with the start that the register has confirmed, if that is not what we claimed.

    A person clears that up. Taken back and claimed again it would only come out the same.
    """
    if supply is None or period.status not in OURS_THERE or supply.starts_on == period.starts_on:
        return supply
    claim = _accepted(period, MessageKind.CLAIM)
    is_there = supply.ends_on is None or supply.ends_on > period.starts_on
    if claim is None or claim.effective_on != supply.starts_on or not is_there:
        return supply
    _differs(period)
    return replace(supply, starts_on=period.starts_on)


def _is_wanted(message: RegisterMessage, period: SupplyPeriod, supply: Supply | None) -> bool:
    """Tell whether what is on its way is still to be said; a person's own word always is."""
    if message.kind == MessageKind.WITHDRAWAL:
        return True
    if message.kind == MessageKind.CLAIM:
        return supply is not None and supply.starts_on == period.starts_on
    if message.kind == MessageKind.NOTICE_BACK:
        by_hand = period.messages.filter(is_taken_back=True, effective_on=message.effective_on)
        if by_hand.exists():
            return True
    step = next_step(period, supply, today=clock.today())
    return step is not None and (step.kind, step.day) == (message.kind, message.effective_on)


def _refused(period: SupplyPeriod) -> set[tuple[str, dt.date | None]]:
    """Return what was refused, or taken back by a person, and nobody has dealt with since."""
    rows = period.messages.filter(
        Q(status=MessageStatus.REJECTED) | Q(is_taken_back=True), is_settled=False
    )
    return set(rows.values_list("kind", "effective_on"))


def _take(period: SupplyPeriod, supply: Supply | None, step: Step) -> None:
    if step.kind is None:
        _differs(period)
        return
    reason = ""
    if step.kind in _WITH_REASON:
        reason = period.end_reason or _reason(supply)
        if not reason:
            text = _("The supply ends on %(day)s. The register wants to know why.")
            open_task(
                TaskKind.REASON_MISSING,
                text=text % {"day": date_format(step.day, "SHORT_DATE_FORMAT")},
                period=period,
                due_on=step.day,
            )
            return
    message = _worded(period, step, reason)
    if message is None:
        return
    if step.kind == MessageKind.WITHDRAWAL:
        period.mark_withdrawing()
    tell(
        kind=step.kind,
        pod=period.pod,
        message=message,
        effective_on=step.day,
        period=period,
    )


def _worded(period: SupplyPeriod, step: Step, reason: str) -> Outgoing | None:
    if step.kind == MessageKind.CLAIM:
        return wording.claim(period)
    if step.kind == MessageKind.NOTICE:
        return wording.notice(period, step.day, reason)
    if step.kind == MessageKind.END:
        return wording.end(period, step.day, reason)
    earlier = _accepted(
        period, MessageKind.CLAIM if step.kind == MessageKind.WITHDRAWAL else MessageKind.NOTICE
    )
    if earlier is None or earlier.delivery_uuid is None:
        # Known to the register before us: there is no message of ours to take back.
        _differs(period)
        return None
    if step.kind == MessageKind.WITHDRAWAL:
        return wording.withdrawal(period, earlier.delivery_uuid)
    return wording.notice_back(period, earlier.delivery_uuid)


def _accepted(period: SupplyPeriod, kind: MessageKind) -> RegisterMessage | None:
    rows = period.messages.filter(kind=kind, status=MessageStatus.ACCEPTED)
    return rows.order_by("-pk").first()


def _reason(supply: Supply | None) -> str:
    """Return why a supply ends; what never began has ended for the contract's own reasons."""
    return reason_of_end(supply.last_item_id) if supply is not None else EndReason.OTHER


def _reason_to_claim(supply: Supply, supplies: Iterable[Supply]) -> ClaimReason:
    """Return why we claim: who follows a customer of ours moves in, for no supplier changes."""
    follows = any(
        other.account_id != supply.account_id
        and other.starts_on < supply.starts_on
        and (other.ends_on is None or other.ends_on >= supply.starts_on)
        for other in supplies
    )
    return ClaimReason.MOVE_IN if follows else supply.reason


def _begin(pod: PointOfDelivery, supply: Supply, *, reason: ClaimReason) -> None:
    """Claim a supply; one that the register knew before is taken up when its end is to be told."""
    if supply.is_initial:
        is_history = supply.ends_on is None or (
            supply.ends_on <= clock.today() and not reason_of_end(supply.last_item_id)
        )
        if is_history:
            return
    period = SupplyPeriod.objects.create(
        pod=pod,
        account_id=supply.account_id,
        contract_id=supply.contract_id,
        starts_on=supply.starts_on,
        claim_reason=reason,
        is_initial=supply.is_initial,
        status=PeriodStatus.CONFIRMED if supply.is_initial else PeriodStatus.PLANNED,
    )
    _go_on(period, supply)


def _differs(period: SupplyPeriod) -> None:
    text = _(
        "The register has this supply from %(start)s to %(end)s, our contracts say something else. "
        "Clear it up with the network operator."
    )
    end = date_format(period.ends_on, "SHORT_DATE_FORMAT") if period.ends_on else "–"
    start = date_format(period.starts_on, "SHORT_DATE_FORMAT")
    words = text % {"start": start, "end": end}
    # who has cleared it up is not asked again every night
    if not period.tasks.filter(kind=TaskKind.DIFFERS, text=words).exists():
        open_task(TaskKind.DIFFERS, text=words, period=period)
