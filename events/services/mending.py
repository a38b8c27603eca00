"""What a person may do with a message that stopped: send again, correct, give up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.choices import LaneState
from events.models import Delivery, Lane
from events.services.claiming import envelope_of, pass_over
from events.services.describing import about
from events.services.nudging import nudge_after_commit
from events.services.outbox import supersede
from events.services.recording import record
from events.services.routing import destination_named
from utilcrm.states import IllegalTransition

logger = structlog.stdlib.get_logger(__name__)

_NOT_STOPPED = _("It does not wait for a decision any more.")
_UNDER_WAY = _("It may have arrived there. Wait until that is known, or until it stops.")


class DeliveryNotStopped(Exception):
    """The message is on its way, done or given up: there is nothing to decide."""


class DeliveryUnderWay(Exception):
    """The message may be on the other side at this moment and cannot be given up."""


class CannotBeMadeAgain(Exception):
    """The records, as they are now, give no such message any more; in words for a person."""


AT_ONCE = 500
"""So many messages are sent again by one press; somebody waits for the answer."""


@dataclass(frozen=True)
class Retried:
    """How many were sent again, why others were not, and whether some were left for later."""

    sent: int
    reasons: list[str]
    is_more: bool


def retry_many(
    *, deliveries: Sequence[Delivery], actor: models.Model | None, reason: str = ""
) -> Retried:
    """Send stopped messages again, each in a transaction of its own; one refusal stops no other."""
    sent, reasons = 0, []
    for delivery in deliveries[:AT_ONCE]:
        try:
            retry_by_hand(delivery=delivery, actor=actor, reason=reason)
        except DeliveryNotStopped:
            continue
        except CannotBeMadeAgain as refusal:
            reasons.append(f"{about(delivery).label}: {refusal}")
        else:
            sent += 1
    return Retried(sent=sent, reasons=reasons, is_more=len(deliveries) > AT_ONCE)


def retry_by_hand(*, delivery: Delivery, actor: models.Model | None, reason: str = "") -> Delivery:
    """
    Send a stopped message again because a person says so, whatever its records have come to.

    :raises DeliveryNotStopped: if it does not wait for a person
    :raises CannotBeMadeAgain: if its records are gone, or have gone on
    """
    try:
        return retry(delivery=delivery, actor=actor, reason=reason)
    except (LookupError, ValueError, ObjectDoesNotExist, IllegalTransition) as why:
        logger.warning("message_not_made_again", message=str(delivery.uuid), error=str(why))
        text = _("It cannot be made from the records as they are now. Cancel it, or mend them.")
        raise CannotBeMadeAgain(text) from why


@transaction.atomic
def retry(*, delivery: Delivery, actor: models.Model | None, reason: str = "") -> Delivery:
    """
    Send a stopped message again.

    After a refusal the content is made anew from the records as they are now and goes out under
    a new id: the other side answers a repeated id with the answer it gave before. A message whose
    outcome is unknown keeps its id and is asked about first.

    :return: the message that will be sent
    :raises DeliveryNotStopped: if it does not wait for a person
    """
    delivery, lane = _lock(delivery)
    if not delivery.is_parked:
        raise DeliveryNotStopped(_NOT_STOPPED)
    if lane.unknown:
        delivery.mark_pending()
        sent = delivery
    else:
        handler = destination_named(delivery.destination).make_handler()
        sent = supersede(delivery, handler.refreshed(envelope_of(delivery)))
    _make_due(lane)
    _tell("events.delivery.retried", sent, actor=actor, reason=reason)
    return sent


@transaction.atomic
def mend(
    *, delivery: Delivery, payload: Mapping[str, Any], actor: models.Model | None, reason: str = ""
) -> Delivery:
    """
    Replace a refused message by a corrected one at the same place, under a new id.

    :raises DeliveryNotStopped: if it does not wait for a person
    :raises DeliveryUnderWay: if its outcome is unknown; ask first (``retry``)
    """
    delivery, lane = _lock(delivery)
    if not delivery.is_parked:
        raise DeliveryNotStopped(_NOT_STOPPED)
    if lane.unknown:
        raise DeliveryUnderWay(_UNDER_WAY)
    sent = supersede(delivery, payload)
    _make_due(lane)
    _tell("events.delivery.mended", sent, actor=actor, reason=reason)
    return sent


@transaction.atomic
def cancel(*, delivery: Delivery, actor: models.Model | None, reason: str) -> None:
    """
    Give a message up; what waits behind it goes on.

    One that stopped with an unknown outcome is given up all the same: a person has looked.

    :raises DeliveryNotStopped: if it is done or given up already
    :raises DeliveryUnderWay: if it is being sent, awaits its confirmation, or is to be asked about
    """
    delivery, lane = _lock(delivery)
    if not delivery.is_open:
        raise DeliveryNotStopped(_NOT_STOPPED)
    is_head = lane.done_seq == delivery.seq - 1
    is_asked_about = lane.unknown and lane.state != LaneState.PARKED
    if is_head and (is_asked_about or lane.state in {LaneState.LEASED, LaneState.WAITING}):
        raise DeliveryUnderWay(_UNDER_WAY)
    delivery.mark_cancelled()
    _tell("events.delivery.cancelled", delivery, actor=actor, reason=reason)
    if is_head:
        pass_over(lane_id=lane.pk, seq=delivery.seq)
        nudge_after_commit(destination_named(delivery.destination))


def _lock(delivery: Delivery) -> tuple[Delivery, Lane]:
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    lane = Lane.objects.select_for_update().get(
        destination=locked.destination, ordering_key=locked.ordering_key
    )
    return locked, lane


def _make_due(lane: Lane) -> None:
    lane.state = LaneState.READY
    lane.available_at = timezone.now()
    lane.attempts = 0
    lane.first_failed_at = None
    lane.unknown_since = timezone.now() if lane.unknown else None
    lane.save()
    nudge_after_commit(destination_named(lane.destination))


def _tell(name: str, delivery: Delivery, *, actor: models.Model | None, reason: str) -> None:
    record(
        name,
        subject=delivery,
        actor=actor,
        account_uuid=delivery.account_uuid,
        payload={"kind": delivery.kind, "reason": reason},
    )
