"""Where messages stand, and whether their destinations answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from events.choices import DeliveryState, LaneState
from events.models import Circuit, Delivery, Lane

_OPEN = [DeliveryState.PENDING, DeliveryState.AWAITING, DeliveryState.PARKED]


@dataclass(frozen=True)
class ReachState:
    """Whether a destination answers, since when not, and how many lanes wait for it."""

    destination: str
    is_reachable: bool
    away_since: dt.datetime | None
    last_ok_at: dt.datetime | None
    last_error: str
    waiting: int
    next_try_at: dt.datetime | None = None


def reach_of(destination: str) -> ReachState:
    """Return the reachability of a destination; one never called counts as reachable."""
    circuit = Circuit.objects.filter(destination=destination).first()
    waiting = Lane.objects.filter(
        destination=destination,
        state__in=[LaneState.READY, LaneState.LEASED, LaneState.WAITING],
    ).count()
    return ReachState(
        destination=destination,
        is_reachable=circuit is None or not circuit.is_open,
        away_since=circuit.away_since if circuit and circuit.is_open else None,
        last_ok_at=circuit.last_ok_at if circuit else None,
        last_error=circuit.last_error if circuit else "",
        waiting=waiting,
        next_try_at=circuit.probe_at if circuit and circuit.is_open else None,
    )


def with_lane(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Add the lane's state to messages: when next, how often tried, why not yet."""
    lane = Lane.objects.filter(
        destination=OuterRef("destination"), ordering_key=OuterRef("ordering_key")
    )
    return deliveries.annotate(
        lane_state=Subquery(lane.values("state")[:1]),
        lane_done_seq=Subquery(lane.values("done_seq")[:1]),
        lane_attempts=Subquery(lane.values("attempts")[:1]),
        lane_unknown=Subquery(lane.values("unknown")[:1]),
        lane_available_at=Subquery(lane.values("available_at")[:1]),
        lane_error=Subquery(lane.values("last_error")[:1]),
        lane_error_class=Subquery(lane.values("last_error_class")[:1]),
    )


def open_messages(destinations: Iterable[str]) -> QuerySet[Delivery]:
    """Return what is not finished, with ``rank`` 0 for what needs a person and 1 for the rest."""
    return with_lane(
        Delivery.objects.filter(destination__in=list(destinations), state__in=_OPEN)
    ).annotate(
        rank=Case(
            When(state=DeliveryState.PARKED, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
    )


def stopped_count(destinations: Iterable[str]) -> int:
    """Return how many lanes need a person."""
    return Lane.objects.filter(destination__in=list(destinations), state=LaneState.PARKED).count()


def deliveries_for_events(event_ids: Iterable[int]) -> QuerySet[Delivery]:
    """Return what some events caused, with the lanes' states."""
    return with_lane(Delivery.objects.filter(event_id__in=list(event_ids))).order_by("pk")
