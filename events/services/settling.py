"""Write what an attempt, a query or a confirmation came to."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from events.choices import AttemptOutcome, LaneState
from events.models import Attempt, Delivery, Lane
from events.services.claiming import Claim, envelope_of, pass_over
from events.services.handling import (
    OUTCOME_UNKNOWN,
    Again,
    Awaiting,
    Done,
    Handler,
    NotApplied,
    NotFound,
    Outcome,
    Refused,
    Unknown,
)
from events.services.nudging import nudge_after_commit
from events.services.outbox import supersede
from events.services.routing import Destination, destination_named, seconds

_NAMES: dict[type[Any], AttemptOutcome] = {
    Done: AttemptOutcome.DONE,
    Awaiting: AttemptOutcome.AWAITING,
    NotApplied: AttemptOutcome.NOT_APPLIED,
    Unknown: AttemptOutcome.UNKNOWN,
    Refused: AttemptOutcome.REFUSED,
    Again: AttemptOutcome.AGAIN,
    NotFound: AttemptOutcome.NOT_FOUND,
}

# A failure that the other side calls passing is tried this often before a person is asked.
FAILURES_THERE_BEFORE_PARKING = 8


class LeaseLost(Exception):
    """Somebody else has the lane, or its head is finished already: nothing was written."""


@transaction.atomic
def settle_attempt(
    claim: Claim,
    outcome: Outcome,
    *,
    destination: Destination,
    handler: Handler,
    started_at: dt.datetime,
    way: str,
) -> None:
    """
    Write the outcome of an attempt made under a lease.

    Business rows are written first and the lane last, in the order every business transaction
    locks them; a lost lease rolls all of it back.

    :raises LeaseLost: if the lane is no longer ours
    """
    delivery = claim.delivery
    note_attempt(delivery, outcome, started_at=started_at, way=way)
    if isinstance(outcome, Done):
        finish(delivery, outcome, handler=handler)
        _require(
            Lane.objects.filter(pk=claim.lane_id, lease_token=claim.token).exists()
            and pass_over(lane_id=claim.lane_id, seq=delivery.seq)
        )
        return
    changes = _lane_changes(claim, outcome, destination=destination)
    if isinstance(outcome, Awaiting):
        handler.accepted(envelope_of(delivery, attempts=claim.attempts))
        delivery.mark_awaiting()
    elif isinstance(outcome, Again) and changes["state"] == LaneState.READY:
        supersede(delivery, handler.refreshed(envelope_of(delivery)))
    elif changes["state"] == LaneState.PARKED:
        park(delivery, _as_refusal(outcome), handler=handler)
    _require(
        Lane.objects.filter(pk=claim.lane_id, lease_token=claim.token).update(
            lease_token=None,
            lease_until=None,
            lease_owner="",
            updated_at=timezone.now(),
            **changes,
        )
        == 1
    )


@transaction.atomic
def confirm(delivery_id: uuid.UUID, outcome: Done | Refused | Again) -> bool:
    """
    Finish a message by the other side's own answer, however late or however often it comes.

    It may come before the worker has noted that the message was taken: the worker then finds
    its lease gone.

    :return: whether it changed anything; a repeated or unknown confirmation does not
    """
    delivery = Delivery.objects.filter(uuid=delivery_id).first()
    if delivery is None or not delivery.is_open:
        return False
    lane = Lane.objects.get(destination=delivery.destination, ordering_key=delivery.ordering_key)
    if lane.done_seq != delivery.seq - 1:
        return False
    destination = destination_named(delivery.destination)
    handler = destination.make_handler()
    note_attempt(delivery, outcome, started_at=timezone.now(), way="CONFIRM")
    if isinstance(outcome, Done):
        finish(delivery, outcome, handler=handler)
        moved = pass_over(lane_id=lane.pk, seq=delivery.seq)
        # no worker is at it: what waits behind must be rung for
        nudge_after_commit(destination)
    else:
        changes = _after_failure_there(outcome, lane.attempts, destination=destination)
        if changes["state"] == LaneState.PARKED:
            park(delivery, _as_refusal(outcome), handler=handler)
        else:
            supersede(delivery, handler.refreshed(envelope_of(delivery)))
        moved = (
            Lane.objects.filter(pk=lane.pk, done_seq=delivery.seq - 1).update(
                unknown=False,
                unknown_since=None,
                lease_token=None,
                lease_until=None,
                lease_owner="",
                **changes,
            )
            == 1
        )
    # Two confirmations at once: the second waited for the lane and finds it moved.
    _require(moved)
    return True


def finish(delivery: Delivery, outcome: Done, *, handler: Handler) -> None:
    """Let the handler write what the other side did, and mark the message done."""
    handler.applied(envelope_of(delivery), outcome)
    delivery.mark_done(external_ref=outcome.external_ref, result=dict(outcome.result))


def park(delivery: Delivery, outcome: Refused, *, handler: Handler) -> None:
    """Stop the message with its reason, and let the handler tell the business record."""
    handler.refused(envelope_of(delivery), outcome)
    delivery.mark_parked(code=outcome.code, field=outcome.field, text=outcome.text)


def note_attempt(
    delivery: Delivery, outcome: Outcome, *, started_at: dt.datetime, way: str
) -> None:
    """Append what was tried and what came of it."""
    if isinstance(outcome, Refused):
        code, detail = outcome.code, outcome.text
    elif isinstance(outcome, NotApplied | Unknown | Again):
        code, detail = "", outcome.reason
    else:
        code, detail = "", ""
    Attempt.objects.create(
        delivery=delivery,
        started_at=started_at,
        ended_at=timezone.now(),
        way=way,
        outcome=_NAMES[type(outcome)],
        code=code[:40],
        detail=detail,
    )


def _lane_changes(claim: Claim, outcome: Outcome, *, destination: Destination) -> dict[str, Any]:
    now = timezone.now()
    if isinstance(outcome, Awaiting):
        return {
            "state": LaneState.WAITING,
            "available_at": now + seconds(destination.confirm_after),
            "unknown": False,
            "unknown_since": None,
            "last_error_class": "",
            "last_error": "",
        }
    if isinstance(outcome, NotFound):
        # asked, and not known there: free to send
        return {
            "state": LaneState.READY,
            "available_at": now,
            "unknown": False,
            "unknown_since": None,
        }
    if isinstance(outcome, Refused | Again):
        changes = _after_failure_there(outcome, claim.attempts, destination=destination)
        if isinstance(outcome, Refused) and outcome.code == OUTCOME_UNKNOWN:
            # a person decides when to go on, and then it is asked about first
            return changes | {"unknown": True, "unknown_since": now}
        # an answer settles what was unknown
        return changes | {"unknown": False, "unknown_since": None}
    lane = Lane.objects.get(pk=claim.lane_id)
    changes = {
        "state": LaneState.READY,
        "attempts": claim.attempts + 1,
        "first_failed_at": lane.first_failed_at or now,
        "last_error": outcome.reason if isinstance(outcome, NotApplied | Unknown) else "",
    }
    if isinstance(outcome, NotApplied):
        delay = outcome.retry_after or backoff(destination, claim.attempts)
        changes |= {
            "available_at": now + delay,
            "last_error_class": AttemptOutcome.NOT_APPLIED,
        }
        return changes
    since = lane.unknown_since or now
    changes |= {
        "unknown": True,
        "unknown_since": since,
        "available_at": now + seconds(destination.quiet),
        "last_error_class": AttemptOutcome.UNKNOWN,
    }
    if now - since > seconds(destination.give_up_after):
        changes["state"] = LaneState.PARKED
    return changes


def _after_failure_there(
    outcome: Refused | Again, attempts: int, *, destination: Destination
) -> dict[str, Any]:
    """Stop the lane after a refusal, or after a passing reason that does not pass."""
    if isinstance(outcome, Again) and attempts + 1 < FAILURES_THERE_BEFORE_PARKING:
        return {
            "state": LaneState.READY,
            "attempts": attempts + 1,
            "available_at": timezone.now() + backoff(destination, attempts),
            "last_error_class": AttemptOutcome.AGAIN,
            "last_error": outcome.reason,
        }
    return {
        "state": LaneState.PARKED,
        "last_error_class": AttemptOutcome.REFUSED,
        "last_error": _as_refusal(outcome).text,
    }


def backoff(destination: Destination, attempts: int) -> dt.timedelta:
    """Return a random wait of at most base × 2^attempts, never above the cap (full jitter)."""
    ceiling = min(destination.backoff_cap, destination.backoff_base * 2 ** min(attempts, 16))
    # never at once: a floor of a tenth keeps a jitter of nought from spinning
    return seconds(random.uniform(ceiling / 10, ceiling))  # noqa: S311 - spreads load


def _as_refusal(outcome: Outcome) -> Refused:
    if isinstance(outcome, Refused):
        return outcome
    if isinstance(outcome, Again):
        return Refused(code="STILL_FAILING", field="", text=outcome.reason)
    reason = outcome.reason if isinstance(outcome, Unknown | NotApplied) else ""
    return Refused(code=OUTCOME_UNKNOWN, field="", text=reason)


def _require(condition: bool) -> None:
    if not condition:
        raise LeaseLost
