"""What follows from a call's state: who is told, what waits, which contact is over."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from access.models import User
from events.services.recording import record
from interactions.choices import CallStatus, Direction, InteractionStatus
from interactions.choices.work import CallEventKind, CallEventSource
from interactions.models import Call, Interaction
from interactions.services.live import ring
from interactions.services.retelling import add_event
from interactions.services.work.offering import distribute_soon
from interactions.services.work.waiting import drop_call, wait_for_colleague, wait_in_queue
from utilcrm import clock

RINGS_AT_MOST = dt.timedelta(minutes=30)
"""A caller in a queue may wait long; nobody lets it ring longer than this."""

LASTS_AT_MOST = dt.timedelta(hours=4)
"""A call of which nothing has been heard for so long has ended without our being told."""

_AT_ONCE = 200


def follow_call(*, call: Call, came_from: str = "", passed_on_to: str | None = None) -> None:
    """
    Draw the conclusions from a call that was just retold; the call is locked by the caller.

    `came_from` is the extension where it was before. `passed_on_to` is the queue named by a
    transfer that has just been told ("" for one to an extension).
    """
    if call.is_over:
        drop_call(call)
        _hang_up(call)
    elif passed_on_to is not None and _contact_of(call) is not None:
        _pass_on(call, passed_on_to)
    elif _waits(call, passed_on_to):
        if passed_on_to:
            # Another queue has other rules.
            drop_call(call)
        wait_in_queue(call=call, queue=passed_on_to or call.queue)
    else:
        drop_call(call)
    extensions = {call.extension, came_from} - {""}
    for user_id in User.objects.filter(
        telephone_extension__in=extensions, is_active=True
    ).values_list("pk", flat=True):
        ring(user_id)
    distribute_soon()


def _waits(call: Call, passed_on_to: str | None) -> bool:
    """
    Tell whether a caller waits for anybody of ours.

    A machine may have answered before it put the caller into a queue, hence the transfer. Whom we
    call waits for nobody.
    """
    is_nowhere = not call.extension and call.direction == Direction.INBOUND
    return is_nowhere and bool(passed_on_to or (call.status == CallStatus.RINGING and call.queue))


@transaction.atomic
def close_forgotten_calls(*, now: dt.datetime | None = None) -> int:
    """
    Close the calls of which nothing has been heard for too long; return how many.

    Their end is the moment of the last event, and is marked as presumed. If the telephone system
    tells of the end after all, its word counts.
    """
    now = now or clock.now()
    heard = Coalesce("last_event_at", "rang_at")
    forgotten = (
        Call.objects.select_for_update(of=("self",), skip_locked=True)
        .alias(heard=heard)
        .filter(
            Q(status=CallStatus.RINGING, heard__lt=now - RINGS_AT_MOST)
            | Q(
                status__in=[CallStatus.CONNECTED, CallStatus.HELD],
                heard__lt=now - LASTS_AT_MOST,
            )
        )
    )
    number = 0
    for call in forgotten.order_by("pk")[:_AT_ONCE]:
        add_event(
            call=call,
            kind=CallEventKind.ENDED,
            source=CallEventSource.SWEEP,
            at=call.last_event_at or call.rang_at,
        )
        follow_call(call=call)
        number += 1
    return number


def _contact_of(call: Call) -> Interaction | None:
    contact: Interaction | None = (
        Interaction.objects.select_for_update(of=("self",))
        .filter(call=call, status=InteractionStatus.OPEN)
        .first()
    )
    return contact


def _hang_up(call: Call) -> None:
    """Take the contact to wrap-up: the telephone knows first that the customer is gone."""
    contact = _contact_of(call)
    if contact is None:
        return
    contact.mark_ended(max(contact.started_at, call.ended_at or clock.now()))
    record("interactions.interaction.ended", subject=contact, actor=contact.agent)
    ring(contact.agent_id)


def _pass_on(call: Call, queue: str) -> None:
    """The line was passed on at the telephone itself: the contact follows it."""
    contact = _contact_of(call)
    if contact is None:
        return
    colleague = (
        User.objects.filter(telephone_extension=call.extension, is_active=True).first()
        if call.extension
        else None
    )
    if colleague is not None and colleague.pk == contact.agent_id:
        return
    if colleague is not None or queue:
        wait_for_colleague(
            contact=contact, given_by=contact.agent, for_agent=colleague, queue=queue
        )
