"""
A call is retold from its events, so that their order of arrival cannot matter.

The telephone system numbers the events of a call. They are put into the order of their numbers
(of their times where there are none) and followed from the first to the last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from interactions.choices import CALL_OVER, CallStatus
from interactions.choices.work import CallEventKind, CallEventSource
from interactions.models import Call, CallEvent
from interactions.models.call import Story


@transaction.atomic
def add_event(
    *,
    call: Call,
    kind: str,
    at: dt.datetime,
    source: str = CallEventSource.TELEPHONE,
    sequence: int | None = None,
    extension: str = "",
    queue: str = "",
) -> Call:
    """Store one more event of a call and retell it; the call is locked by the caller."""
    CallEvent.objects.create(
        call=call,
        kind=kind,
        at=at,
        source=source,
        sequence=sequence,
        extension=extension,
        queue=queue,
    )
    call.retell(story_of(call, list(CallEvent.objects.filter(call=call).order_by("pk"))))
    return call


def story_of(call: Call, events: Sequence[CallEvent]) -> Story:
    """Follow a call's events; what the telephone system says outweighs what our side has said."""
    told = [event for event in events if event.source == CallEventSource.TELEPHONE]
    ours = [event for event in events if event.source != CallEventSource.TELEPHONE]
    way = _Way(min(event.at for event in events) if told else call.rang_at)
    if not told:
        way.queue, way.extension = call.queue, call.extension
    for event in _in_order(told):
        way.follow(event)
    for event in ours:
        if not _is_refuted(event, told):
            way.follow_ours(event)
    return Story(
        status=way.status,
        queue=way.queue,
        extension=way.extension,
        rang_at=way.rang_at or way.first_heard,
        answered_at=way.answered_at,
        ended_at=way.ended_at,
        held_seconds=max(0, round(way.held.total_seconds())),
        transfers=way.transfers,
        end_is_presumed=way.end_is_presumed,
        last_event_at=max(event.at for event in events),
    )


def _is_refuted(ours: CallEvent, told: list[CallEvent]) -> bool:
    """Tell whether the telephone system knows better than our side that a call is over."""
    if ours.kind != CallEventKind.ENDED:
        return False
    if ours.source == CallEventSource.SWEEP:
        return any(event.at > ours.at for event in told)
    return bool(told)


def _in_order(events: list[CallEvent]) -> Iterable[CallEvent]:
    """Put events into order; one that the telephone system sent under two ids counts once."""
    if any(event.sequence is None for event in events):
        return sorted(events, key=lambda event: (event.at, event.pk))
    once = {(event.sequence, event.kind): event for event in reversed(events)}
    return sorted(once.values(), key=lambda event: (event.sequence, event.at, event.pk))


class _Way:
    """Where a call is after the events that were followed so far."""

    def __init__(self, first_heard: dt.datetime) -> None:
        self.first_heard = first_heard
        self.status: str = CallStatus.RINGING
        self.queue = self.extension = ""
        self.rang_at: dt.datetime | None = None
        self.answered_at: dt.datetime | None = None
        self.ended_at: dt.datetime | None = None
        self.held = dt.timedelta()
        self.held_from: dt.datetime | None = None
        self.transfers = 0
        self.end_is_presumed = False
        self.is_final = False

    def follow(self, event: CallEvent) -> None:
        """Go on by one event; after the end nothing happens any more."""
        self.queue = self.queue or event.queue
        if event.kind == CallEventKind.RINGING:
            self.rang_at = self.rang_at or event.at
        if self.status == CallStatus.ENDED or self.is_final:
            return
        if self.status == CallStatus.MISSED and event.kind in _GOES_ON:
            # It was not answered there, and rings elsewhere.
            self.status, self.ended_at = CallStatus.RINGING, None
        if self.status not in CALL_OVER:
            self.extension = event.extension or self.extension
            _STEPS[CallEventKind(event.kind)](self, event)

    def follow_ours(self, event: CallEvent) -> None:
        """Fill in what the telephone system has not said."""
        if self.status in CALL_OVER:
            return
        if event.kind == CallEventKind.ANSWERED and self.answered_at is None:
            self.extension = self.extension or event.extension
            self._answer(event)
        elif event.kind == CallEventKind.ENDED:
            self._end(event)
            self.end_is_presumed = event.source == CallEventSource.SWEEP

    def _ring(self, event: CallEvent) -> None:
        """It rings; nothing but the place changes."""

    def _answer(self, event: CallEvent) -> None:
        self.answered_at = self.answered_at or event.at
        if self.status == CallStatus.RINGING:
            self.status = CallStatus.CONNECTED

    def _hold(self, event: CallEvent) -> None:
        self._answer(event)
        self.held_from = self.held_from or event.at
        self.status = CallStatus.HELD

    def _retrieve(self, event: CallEvent) -> None:
        self._answer(event)
        self._end_of_hold(event.at)
        self.status = CallStatus.CONNECTED

    def _transfer(self, event: CallEvent) -> None:
        self._end_of_hold(event.at)
        self.transfers += 1
        if not event.extension:
            # Back into a queue: it is at nobody's extension now.
            self.extension = ""
        self.status = CallStatus.CONNECTED if self.answered_at else CallStatus.RINGING

    def _end(self, event: CallEvent) -> None:
        self._end_of_hold(event.at)
        self.ended_at = event.at
        self.is_final = event.kind == CallEventKind.ENDED
        self.status = CallStatus.ENDED if self.answered_at else CallStatus.MISSED

    def _end_of_hold(self, at: dt.datetime) -> None:
        if self.held_from is not None:
            self.held += max(dt.timedelta(), at - self.held_from)
            self.held_from = None


_GOES_ON = frozenset(
    {CallEventKind.RINGING, CallEventKind.ANSWERED, CallEventKind.HELD, CallEventKind.RETRIEVED}
)
_STEPS = {
    CallEventKind.RINGING: _Way._ring,
    CallEventKind.ANSWERED: _Way._answer,
    CallEventKind.HELD: _Way._hold,
    CallEventKind.RETRIEVED: _Way._retrieve,
    CallEventKind.TRANSFERRED: _Way._transfer,
    CallEventKind.ENDED: _Way._end,
    CallEventKind.MISSED: _Way._end,
}
