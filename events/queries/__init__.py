"""Reads: the timeline of a customer, and the state of messages."""

from events.queries.alterations import describe_alterations, describe_value
from events.queries.deliveries import (
    ReachState,
    deliveries_for_events,
    open_messages,
    reach_of,
    stopped_count,
)
from events.queries.standing import Limits, Standing, Trouble, standing_of
from events.queries.timeline import (
    Touched,
    for_account,
    for_subject,
    names_in,
    recorded_of,
    touched_in,
)

__all__ = [
    "Limits",
    "ReachState",
    "Standing",
    "Touched",
    "Trouble",
    "deliveries_for_events",
    "describe_alterations",
    "describe_value",
    "for_account",
    "for_subject",
    "names_in",
    "open_messages",
    "reach_of",
    "recorded_of",
    "standing_of",
    "stopped_count",
    "touched_in",
]
