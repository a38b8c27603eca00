"""Put messages for the register into the outbox, and call them off while they are here."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from events.choices import DeliveryState
from events.models import Delivery, Lane
from events.services import mending
from events.services.outbox import enqueue
from market.choices import MARKET, Direction, MessageKind, MessageStatus
from market.gateway.canonical import Outgoing
from market.gateway.frozen import to_json
from market.models import DisconnectionOrder, RegisterMessage, SupplyPeriod
from market.queries import active_endpoint
from market.services import wording
from premises.models import PointOfDelivery

_HAVE_OWN_ROW = ("message_id", "correlation_id", "created_at", "point")


def lane_of(pod: PointOfDelivery) -> str:
    """Return the lane in which a point of delivery's messages stay in order."""
    return f"pod:{pod.uuid}"


def tell(
    *,
    kind: MessageKind,
    pod: PointOfDelivery,
    message: Outgoing,
    effective_on: dt.date,
    period: SupplyPeriod | None = None,
    order: DisconnectionOrder | None = None,
    account_uuid: uuid.UUID | None = None,
    segment: str | None = None,
) -> RegisterMessage:
    """
    Enqueue a message in its point of delivery's lane; call it last in the transaction.

    :param effective_on: the local day that it is about
    """
    now = timezone.now()
    account = period.account if period else order.account if order else None
    told = to_json(message)
    record = RegisterMessage.objects.create(
        direction=Direction.OUT,
        kind=kind,
        status=MessageStatus.QUEUED,
        pod=pod,
        period=period,
        order=order,
        account_uuid=account.uuid if account else account_uuid,
        segment=account.segment if account else segment,
        effective_on=effective_on,
        facts={name: value for name, value in told.items() if name not in _HAVE_OWN_ROW},
        at=now,
        deadline_at=_deadline(kind, now),
    )
    delivery = enqueue(
        destination=MARKET,
        ordering_key=lane_of(pod),
        kind=kind,
        payload={
            "message_uuid": str(record.uuid),
            "subject_uuid": str((period or order or pod).uuid),
            "label": pod.external_id,
            "message": told,
        },
        account_uuid=record.account_uuid,
        deadline_at=record.deadline_at,
    )
    record.ride(delivery.uuid)
    return record


def call_off(message: RegisterMessage, *, reason: str) -> bool:
    """
    Keep a message from going out; tell whether it did not.

    One that is on its way, or may have arrived, cannot be called off: its answer comes.
    """
    delivery = newest_delivery(message)
    if message.status == MessageStatus.SENT or (delivery and _may_have_arrived(delivery)):
        return False
    if delivery is not None and delivery.is_open:
        try:
            mending.cancel(delivery=delivery, actor=None, reason=reason)
        except mending.DeliveryUnderWay:
            return False
    elif delivery is not None and delivery.state == DeliveryState.DONE:
        return False
    message.mark_cancelled()
    return True


def _may_have_arrived(delivery: Delivery) -> bool:
    """Tell whether nobody knows if the register has it: then it is asked, or a person looks."""
    lane = Lane.objects.get(destination=delivery.destination, ordering_key=delivery.ordering_key)
    return lane.unknown and lane.done_seq == delivery.seq - 1


def newest_delivery(message: RegisterMessage) -> Delivery | None:
    """Return the delivery under which a message goes out now."""
    if message.delivery_uuid is None:
        return None
    found = Delivery.objects.filter(uuid=message.delivery_uuid).first()
    while found is not None and found.superseded_by is not None:
        found = found.superseded_by
    return found


def payload_of(message: RegisterMessage) -> dict[str, Any]:
    """Return the payload of a message that goes out anew after a refusal, as records are now."""
    delivery = newest_delivery(message)
    payload: dict[str, Any] = dict(delivery.payload) if delivery else {}
    if message.kind == MessageKind.CLAIM and message.period is not None:
        return {**payload, "message": to_json(wording.claim(message.period))}
    told = {**payload["message"], "created_at": timezone.now().isoformat()}
    return {**payload, "message": told}


def _deadline(kind: MessageKind, now: dt.datetime) -> dt.datetime | None:
    endpoint = active_endpoint()
    if endpoint is None:
        return None
    hours = endpoint.claim_hours if kind == MessageKind.CLAIM else endpoint.answer_hours
    return now + dt.timedelta(hours=hours)
