"""What facts of other apps mean for the register; the destination ``market-planning``."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import structlog
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from contracts.choices import TAKEN_OVER, ItemRole
from contracts.models import ContractItem
from events.models import Delivery
from events.services.handling import Done, Envelope, Handler, Outcome
from market.choices import MARKET, MessageKind, MessageStatus, PeriodStatus
from market.models import RegisterMessage, SupplyPeriod
from market.queries import active_endpoint
from market.queries.supply import SUPPLYING, pods_of_contract, pods_of_process
from market.services.planning import plan_point
from market.services.technical import tell_meter_change, tell_reading
from premises.models import PointOfDelivery
from utilcrm import clock

Payload = Mapping[str, Any]
logger = structlog.get_logger(__name__)
_AT_ONCE = 1000
_NIGHT = 170
"""Seconds that a night's look may take: below the limit of a task."""


class MarketPlanningHandler(Handler):
    """Local: turns facts into messages, in the transaction that notes the fact as planned."""

    kinds: ClassVar[Mapping[str, Any]] = {
        "contract-changed": _("Contract for the register"),
        "process-changed": _("Process for the register"),
        "point-changed": _("Answer of the register"),
        "meter-changed": _("Meter change for the register"),
        "reading-reported": _("Meter reading for the register"),
        "message-given-up": _("Message given up"),
    }
    """What people call each kind of message."""

    def deliver(self, envelope: Envelope) -> Outcome:
        """Tell the register what it does not know yet; a tenant without one tells nobody."""
        if active_endpoint() is not None:
            _PLANS[envelope.kind](envelope.payload)
        return Done()


def plan_due_ends() -> int:
    """
    Tell of the supplies that end today, in the tenant's calendar; return how many were looked at.

    Also of ends whose day passed while nobody looked. Twice does no harm.
    """
    if active_endpoint() is None:
        return 0
    due = SupplyPeriod.objects.filter(
        status=PeriodStatus.ENDING, ends_on__lte=clock.today()
    ).exclude(
        # on its way already, or refused: then a person is asked
        messages__in=RegisterMessage.objects.filter(kind=MessageKind.END, is_settled=False).exclude(
            status=MessageStatus.CANCELLED
        )
    )
    return _look_at(due.order_by("ends_on", "pk").values_list("pod_id", flat=True)[:_AT_ONCE])


def plan_changed_supplies() -> int:
    """
    Look at each supply that has changed in the last two days, in case a fact went past us.

    Also at those of which the register knows nothing yet. The oldest change comes first, for
    tomorrow it is too old; a night has its limits.

    :return: how many points of delivery were looked at
    """
    if active_endpoint() is None:
        return 0
    changed = ContractItem.objects.filter(
        role=ItemRole.SUPPLY,
        status__in=SUPPLYING,
        updated_at__gte=clock.now() - dt.timedelta(days=2),
    )
    # Of what was loaded from elsewhere there is nothing to tell before it ends.
    told = changed.exclude(contract__source__in=TAKEN_OVER, ends_on__isnull=True)
    rows = told.values("pod_id").annotate(at=Max("updated_at")).order_by("at", "pod_id")
    return _look_at(rows.values_list("pod_id", flat=True), budget=_NIGHT)


def _look_at(pod_ids: Iterable[int], *, budget: float = 120) -> int:
    """Plan one by one by the clock: one that cannot be planned does not keep the others."""
    deadline = time.monotonic() + budget
    looked = 0
    for pod_id in pod_ids:
        if time.monotonic() > deadline:
            logger.warning("market_look_unfinished", looked=looked)
            break
        looked += 1
        try:
            plan_point(pod_id)
        except Exception:
            logger.exception("market_look_failed", pod_id=pod_id)
    return looked


def _plan(pod_ids: Iterable[int]) -> int:
    ids = sorted(pod_ids)
    for pod_id in ids:
        plan_point(pod_id)
    return len(ids)


def _contract(payload: Payload) -> None:
    _plan(pods_of_contract(payload["contract_uuid"]))


def _process(payload: Payload) -> None:
    _plan(pods_of_process(payload["process_uuid"]))


def _point(payload: Payload) -> None:
    _plan(PointOfDelivery.objects.filter(uuid=payload["pod_uuid"]).values_list("pk", flat=True))


def _given_up(payload: Payload) -> None:
    """A person has given a message up: what it would have told is not told again by itself."""
    delivery = Delivery.objects.filter(uuid=payload["subject_uuid"], destination=MARKET).first()
    if delivery is None:
        return
    message = RegisterMessage.objects.filter(uuid=delivery.payload["message_uuid"]).first()
    if message is None or not message.is_unanswered:
        return
    given_up = [{"code": "GIVEN_UP", "text": str(payload.get("reason") or "–")}]
    message.mark_rejected(given_up, at=clock.now())
    period = message.period
    if message.kind == MessageKind.CLAIM and period is not None:
        if period.status in {PeriodStatus.PLANNED, PeriodStatus.CLAIMED}:
            period.mark_rejected(given_up)
    elif period is not None and period.status == PeriodStatus.WITHDRAWING:
        period.mark_kept()


_PLANS: dict[str, Callable[[Payload], None]] = {
    "contract-changed": _contract,
    "process-changed": _process,
    "point-changed": _point,
    "meter-changed": tell_meter_change,
    "reading-reported": tell_reading,
    "message-given-up": _given_up,
}
