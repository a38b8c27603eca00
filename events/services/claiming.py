"""Claim the lane that is due longest, and put it aside when its head has to wait for another."""

from __future__ import annotations

import math
import os
import socket
import time
import uuid
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from events.choices import AttemptOutcome, DeliveryState, LaneState
from events.models import Delivery, Lane
from events.services.handling import Envelope
from events.services.nudging import nudge_after_commit
from events.services.routing import Destination, destination_named, seconds
from utilcrm.db.models import new_uuid

_LEASE_DUE = """
    WITH due AS MATERIALIZED (
        SELECT id, state FROM events_lane
        WHERE destination = %(destination)s AND state IN ('READY', 'WAITING')
            AND available_at <= %(now)s AND NOT (%(unless_abandoned)s AND EXISTS (
                SELECT FROM events_lane abandoned
                WHERE abandoned.destination = %(destination)s AND abandoned.state = 'LEASED'
                    AND abandoned.lease_until <= %(now)s
            ))
        ORDER BY available_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE events_lane lane SET
        state = 'LEASED', lease_token = %(token)s, lease_until = %(until)s,
        lease_owner = %(owner)s, updated_at = %(now)s,
        -- whose confirmation is overdue is asked
        unknown = unknown OR due.state = 'WAITING',
        unknown_since = CASE WHEN due.state = 'WAITING' THEN COALESCE(unknown_since, %(now)s)
            ELSE unknown_since END
    FROM due WHERE lane.id = due.id
    RETURNING lane.*
"""
_HEAD = """
    SELECT * FROM events_delivery
    WHERE destination = %s AND ordering_key = %s AND seq = %s + 1 AND state <> 'SUPERSEDED'
"""

_UNDER_WAY = frozenset({DeliveryState.PENDING, DeliveryState.AWAITING})


@dataclass(frozen=True)
class Claim:
    """A lane leased to this worker, with the message at its head."""

    lane_id: int
    token: uuid.UUID
    delivery: Delivery
    # ask before sending: an earlier attempt may have been applied
    unknown: bool
    attempts: int

    def envelope(self) -> Envelope:
        """Return the message as its handler sees it."""
        return envelope_of(self.delivery, attempts=self.attempts)


def envelope_of(delivery: Delivery, *, attempts: int = 0) -> Envelope:
    """Return a message as its handler sees it."""
    return Envelope(
        delivery_id=delivery.uuid,
        destination=delivery.destination,
        ordering_key=delivery.ordering_key,
        kind=delivery.kind,
        payload=delivery.payload,
        attempts=attempts,
        event_id=delivery.event_id,
    )


def claim_next(destination: Destination, *, until: float = math.inf) -> Claim | None:
    """
    Lease the lane that has been due longest; ``None`` if nothing is due.

    Lanes whose head waits for another message are put aside on the way, places that a person
    gave up are passed over; that ends at ``until`` (of the monotonic clock), however many there
    are.
    """
    while time.monotonic() < until and (lane := _lease(destination)):
        # a statement of its own: one snapshot for both would miss what came before the lease
        delivery = next(
            iter(Delivery.objects.raw(_HEAD, [lane.destination, lane.ordering_key, lane.done_seq])),
            None,
        )
        if delivery is None or lane.lease_token is None:
            _return_empty(lane)
            continue
        if delivery.state == DeliveryState.CANCELLED:
            with transaction.atomic():
                pass_over(lane_id=lane.pk, seq=delivery.seq)
            continue
        if delivery.state not in _UNDER_WAY:
            # its confirmation came between our lease and this look, and has ended the lease
            continue
        if _blocked(lane, delivery):
            continue
        return Claim(
            lane_id=lane.pk,
            token=lane.lease_token,
            delivery=delivery,
            unknown=lane.unknown,
            attempts=lane.attempts,
        )
    return None


def has_due(destination: Destination) -> bool:
    """Say whether a worker would find something to do."""
    return _abandoned(destination).exists() or _due(destination).exists()


def pass_over(*, lane_id: int, seq: int) -> bool:
    """
    Move a lane on from ``seq``, whose message is done or given up, and wake who waited for it.

    Only columns of the same row decide the new state: a sub-select on the messages would keep
    its old snapshot when the update re-checks the row, and lose a wake-up.

    :return: whether ``seq`` was the head
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE events_lane SET
                done_seq = done_seq + 1,
                state = CASE WHEN done_seq + 1 < last_seq THEN 'READY' ELSE 'IDLE' END,
                available_at = %s, updated_at = %s, attempts = 0, unknown = false,
                unknown_since = NULL, first_failed_at = NULL, lease_token = NULL,
                lease_until = NULL, lease_owner = '', blocked_on_id = NULL,
                blocked_until_seq = NULL, last_error_class = '', last_error = ''
            WHERE id = %s AND done_seq = %s - 1
            """,
            [timezone.now(), timezone.now(), lane_id, seq],
        )
        if cursor.rowcount != 1:
            return False
    wake(lane_id=lane_id, done_seq=seq)
    return True


def wake(*, lane_id: int, done_seq: int) -> list[str]:
    """Make the lanes due that waited for this one, and ring for them; return their places."""
    waiting = Lane.objects.filter(
        state=LaneState.BLOCKED, blocked_on_id=lane_id, blocked_until_seq__lte=done_seq
    )
    places = list(waiting.values_list("destination", flat=True).distinct())
    if places:
        waiting.update(
            state=LaneState.READY,
            available_at=timezone.now(),
            blocked_on=None,
            blocked_until_seq=None,
        )
        for place in places:
            nudge_after_commit(destination_named(place))
    return places


def wake_forgotten() -> int:
    """Make due whatever waits for a message that is done; the safety net of the sweep."""
    return Lane.objects.filter(
        state=LaneState.BLOCKED,
        pk__in=Lane.objects.filter(
            state=LaneState.BLOCKED, blocked_on__done_seq__gte=F("blocked_until_seq")
        ).values("pk"),
    ).update(
        state=LaneState.READY,
        available_at=timezone.now(),
        blocked_on=None,
        blocked_until_seq=None,
    )


# Two questions and not one with OR: each runs along its own index, however long the queue is.


def _due(destination: Destination) -> QuerySet[Lane]:
    return Lane.objects.filter(
        destination=destination.name,
        state__in=[LaneState.READY, LaneState.WAITING],
        available_at__lte=timezone.now(),
    )


def _abandoned(destination: Destination) -> QuerySet[Lane]:
    return Lane.objects.filter(
        destination=destination.name,
        state=LaneState.LEASED,
        lease_until__lte=timezone.now(),
    )


def _lease(destination: Destination) -> Lane | None:
    return _lease_due(destination, unless_abandoned=True) or _lease_abandoned(destination)


def _lease_due(destination: Destination, *, unless_abandoned: bool) -> Lane | None:
    """
    Lease the lane that is due longest, in one statement: nearly every claim is this one.

    A lease that has run out comes first, unless somebody else has that lane in hand.
    """
    now = timezone.now()
    found = Lane.objects.raw(
        _LEASE_DUE,
        {
            "destination": destination.name,
            "unless_abandoned": unless_abandoned,
            "now": now,
            "token": new_uuid(),
            "until": now + seconds(destination.lease),
            "owner": _owner(),
        },
    )
    return next(iter(found), None)


def _owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:100]


@transaction.atomic
def _lease_abandoned(destination: Destination) -> Lane | None:
    """Take over the lane whose worker died first; without one, whatever is due."""
    abandoned = _abandoned(destination).select_for_update(skip_locked=True)
    lane = abandoned.order_by("lease_until").first()
    if lane is None:
        return _lease_due(destination, unless_abandoned=False)
    now = timezone.now()
    if not destination.local:
        # The worker died in the middle: what it sent may still be running over there.
        lane.unknown = True
        lane.unknown_since = lane.unknown_since or now
        # not what an earlier attempt came to: a destination that is back must not end the quiet
        lane.last_error_class = AttemptOutcome.UNKNOWN
        if lane.lease_until and lane.lease_until + seconds(destination.quiet) > now:
            lane.state = LaneState.READY
            lane.available_at = lane.lease_until + seconds(destination.quiet)
            lane.lease_token = lane.lease_until = None
            lane.save()
            return _lease(destination)
    lane.lease_token = new_uuid()
    lane.lease_until = now + seconds(destination.lease)
    lane.lease_owner = _owner()
    lane.save()
    return lane


def _blocked(lane: Lane, delivery: Delivery) -> bool:
    """
    Put the lane aside if its head requires a message that is not done.

    The required lane is locked (shared) before its position is read, and the finisher of that
    lane locks it before it looks for who waits: whoever comes second sees the other.
    """
    for destination, ordering_key, seq in delivery.requires:
        with transaction.atomic():
            required, _created = Lane.objects.get_or_create(
                destination=destination,
                ordering_key=ordering_key,
                defaults={"available_at": timezone.now()},
            )
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT done_seq FROM events_lane WHERE id = %s FOR SHARE", [required.pk]
                )
                (done_seq,) = cursor.fetchone()
            if done_seq >= seq:
                continue
            Lane.objects.filter(pk=lane.pk, lease_token=lane.lease_token).update(
                state=LaneState.BLOCKED,
                blocked_on=required,
                blocked_until_seq=seq,
                lease_token=None,
                lease_until=None,
                lease_owner="",
            )
            return True
    return False


def _return_empty(lane: Lane) -> None:
    Lane.objects.filter(pk=lane.pk, lease_token=lane.lease_token).update(
        state=LaneState.IDLE, lease_token=None, lease_until=None, lease_owner=""
    )
