"""Counting by hand: plain loops over what really happened, without a database."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from interactions.choices import Result
from tests.interactions.call_storm import QUEUES, Told

HERE = ZoneInfo("Europe/London")


def moment(call: Told, *kinds: str) -> dt.datetime | None:
    """Return when the first event of a kind really happened."""
    for event in call.events:
        if event["type"].removeprefix("call.") in kinds:
            return dt.datetime.fromisoformat(event["at"])
    return None


class Tally:
    """Counts what really happened, one call and one contact at a time."""

    def __init__(self, dimension: str, contacts: list[dict[str, Any]]) -> None:
        self.dimension, self.contacts = dimension, contacts
        self.rows: dict[Any, dict[str, Any]] = defaultdict(lambda: defaultdict(float))
        self.agents = {fact["call_id"]: fact["agent"].pk for fact in contacts}

    def row(self, at: dt.datetime, queue: str, campaign: str, agent: Any) -> dict[str, Any]:
        local = at.astimezone(HERE)
        named = {"queue": queue, "campaign": campaign, "agent": agent}
        return self.rows[{**named, "day": local.date(), "hour": local.hour}[self.dimension]]

    def call(self, call: Told) -> None:
        rang, answered = moment(call, "ringing"), moment(call, "answered")
        over = moment(call, "ended", "missed")
        assert rang is not None
        assert over is not None
        row = self.row(rang, call.queue, call.campaign, self.agents.get(call.call_id))
        if call.direction == "outbound":
            row["outbound"] += 1
            return
        wait = ((answered or over) - rang).total_seconds()
        row["volume"] += 1
        row["longest"] = max(row["longest"], wait)
        row["held"] += held_for(call)
        row["abandoned" if answered is None else "answered"] += 1
        if answered is not None:
            row["waited"] += wait
            row["in_time"] += wait <= QUEUES[call.queue]

    def contact(self, one: dict[str, Any]) -> None:
        row = self.row(one["started_at"], one["queue"], one["campaign"], one["agent"].pk)
        row["handled"] += 1
        row["handling"] += (one["closed_at"] - one["started_at"]).total_seconds()
        row["wrapping"] += (one["closed_at"] - one["ended_at"]).total_seconds()
        if one["account"] is None or one["direction"] != "INBOUND":
            return
        apart = [
            (other["started_at"] - one["started_at"]) / dt.timedelta(days=7)
            for other in self.contacts
            if (other["account"], other["reason"], other["direction"])
            == (one["account"], one["reason"], "INBOUND")
        ]
        if any(-1 <= weeks < 0 for weeks in apart):
            return
        row["first"] += 1
        helped = one["result"] not in {Result.FOLLOW_UP, Result.NOT_STATED}
        row["resolved"] += helped and not any(0 < weeks <= 1 for weeks in apart)

    def result(self) -> dict[Any, dict[str, float]]:
        return {
            key: {name: value for name, value in row.items() if value}
            for key, row in self.rows.items()
        }


def held_for(call: Told) -> float:
    """Add up a call's holds, each from its event to the next."""
    total, held_from = 0.0, None
    for event in call.events:
        at = dt.datetime.fromisoformat(event["at"])
        if held_from is not None:
            total += (at - held_from).total_seconds()
        held_from = at if event["type"] == "call.held" else None
    return total


def count_by_hand(
    dimension: str, calls: list[Told], contacts: list[dict[str, Any]]
) -> dict[Any, dict[str, float]]:
    """Return the figures of each row, without zeros."""
    tally = Tally(dimension, contacts)
    for call in calls:
        tally.call(call)
    for contact in contacts:
        tally.contact(contact)
    return tally.result()
