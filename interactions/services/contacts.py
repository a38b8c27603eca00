"""A contact's life: begin, end, wrap up, clear."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AttributeValue
from conversations.services.assigning import leave_contact, release_contact
from events.services.recording import record
from interactions.choices import (
    COLOURS,
    IN_WRITING,
    LIVE,
    CallStatus,
    Channel,
    DefaultReason,
    Direction,
    InteractionStatus,
    Result,
)
from interactions.choices.work import CallEventKind, CallEventSource
from interactions.models import Call, Interaction, Reason
from interactions.queries.alerts.answered import unanswered_grave
from interactions.queries.results import choosable_results
from interactions.services.guidance.clearing import discard_runs
from interactions.services.guidance.running import start_bound_script
from interactions.services.live import ring
from interactions.services.retelling import add_event
from interactions.services.satisfying import ask_satisfaction
from interactions.services.wrapping import (
    FollowUp,
    check_result,
    complete_late,
    promise_follow_up,
)
from tenants.queries import current_profile
from utilcrm import clock, context
from utilcrm.db.numbering import next_number
from utilcrm.states import IllegalTransition

NUMBERS = "interactions_interaction_number"


class ContactEnded(Exception):
    """The contact is closed: nothing can be attached to it any more."""


class CallTaken(Exception):
    """A colleague has taken the call."""


class AlertUnanswered(Exception):
    """A grave alert waits for an answer; a contact is not closed over its head."""


class ReasonMissing(Exception):
    """A contact cannot be closed without a reason and a result."""


def live_interaction(interaction_uuid: uuid.UUID | str, *, agent: Any) -> Interaction:
    """
    Lock and return one of the agent's live contacts.

    :raises ContactEnded: if it is closed, cleared or not the agent's
    """
    interaction = (
        Interaction.objects.select_for_update(of=("self",))
        .filter(uuid=interaction_uuid, agent=agent, status__in=LIVE)
        .first()
    )
    if interaction is None:
        raise ContactEnded(_("This contact has ended. What you typed is kept; open a new one."))
    return interaction


@transaction.atomic
def open_contact(
    *,
    agent: Any,
    channel: str = Channel.PHONE,
    direction: str = Direction.INBOUND,
    call: Call | None = None,
    queue: str = "",
) -> Interaction:
    """Begin a contact; its colour differs from the agent's other live ones where possible."""
    taken = set(
        Interaction.objects.filter(agent=agent, status__in=LIVE).values_list("colour", flat=True)
    )
    colour = next((n for n in range(COLOURS) if n not in taken), len(taken) % COLOURS)
    interaction = Interaction.objects.create(
        number=next_number(NUMBERS, width=8, prefix="I"),
        channel=channel,
        direction=direction,
        agent=agent,
        call=call,
        queue=call.queue if call else queue,
        campaign=call.campaign if call else "",
        colour=colour,
        started_at=clock.now(),
    )
    with context.acting(interaction_uuid=interaction.uuid):
        record(
            "interactions.interaction.opened",
            subject=interaction,
            actor=agent,
            payload={"channel": channel, "direction": direction},
        )
    ring(agent.pk)
    return interaction


@transaction.atomic
def accept_call(*, call: Call, agent: Any) -> Interaction:
    """
    Take a ringing call; taking it twice gives the same contact.

    A script that is bound to the number called, or to the queue, begins by itself.

    :raises CallTaken: if a colleague was faster, or the caller has hung up
    """
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    known = Interaction.objects.filter(call=call).first()
    if known is not None:
        if known.agent_id != agent.pk:
            raise CallTaken(_("A colleague has taken this call."))
        return known
    if call.is_over:
        raise CallTaken(_("The caller has hung up."))
    if call.status == CallStatus.RINGING:
        call = add_event(
            call=call,
            kind=CallEventKind.ANSWERED,
            source=CallEventSource.AGENT,
            at=clock.now(),
            extension=agent.telephone_extension,
        )
    interaction = open_contact(agent=agent, direction=call.direction, call=call)
    start_bound_script(interaction=interaction, call=call, user=agent)
    return interaction


@transaction.atomic
def end_contact(*, interaction: Interaction, agent: Any) -> Interaction:
    """
    The customer is gone: go to wrap-up.

    :raises ContactEnded: if the contact is not live
    """
    interaction = live_interaction(interaction.uuid, agent=agent)
    if interaction.status == InteractionStatus.OPEN:
        interaction.mark_ended(clock.now())
        record("interactions.interaction.ended", subject=interaction, actor=agent)
    return interaction


@transaction.atomic
def resume_contact(*, interaction: Interaction, agent: Any) -> Interaction:
    """
    Go back from wrap-up to the customer.

    :raises ContactEnded: if the contact is not live
    """
    interaction = live_interaction(interaction.uuid, agent=agent)
    if interaction.status == InteractionStatus.WRAP_UP:
        interaction.mark_resumed()
    return interaction


@transaction.atomic
def wrap_up(
    *,
    interaction: Interaction,
    agent: Any,
    reason: Reason | None,
    result: str,
    notes: str,
    follow_up: FollowUp | None = None,
) -> Interaction:
    """
    Close a contact with its reason, result and notes, and promise what was agreed.

    What the timer has closed in the meantime is completed all the same, for a day.

    :raises ContactEnded: if the contact is not live
    :raises ReasonMissing: without reason or result
    :raises interactions.services.wrapping.FollowUpMissing: if the result needs one
    :raises interactions.services.wrapping.FollowUpRefused: if it cannot be promised
    :raises AlertUnanswered: if a grave alert was neither acted on nor put aside
    """
    if reason is None or result not in {one.code for one in choosable_results()}:
        raise ReasonMissing(_("Say why the customer called and what came of it."))
    with context.acting(interaction_uuid=interaction.uuid):
        late = complete_late(
            interaction_uuid=interaction.uuid,
            agent=agent,
            reason=reason,
            result=result,
            notes=notes,
        )
        interaction = late or live_interaction(interaction.uuid, agent=agent)
        check_result(interaction=interaction, result=result, follow_up=follow_up)
        if follow_up is not None:
            promise_follow_up(interaction=interaction, agent=agent, follow_up=follow_up)
        if late is None:
            _close(interaction, agent, reason, result, notes)
    ring(agent.pk)
    return interaction


def _close(interaction: Interaction, agent: Any, reason: Reason, result: str, notes: str) -> None:
    grave = unanswered_grave(interaction)
    if grave is not None:
        raise AlertUnanswered(
            _("Answer this alert first: %(alert)s.") % {"alert": grave.rule.title}
        )
    if interaction.status == InteractionStatus.OPEN:
        interaction.mark_ended(clock.now())
    interaction.mark_closed(at=clock.now(), reason=reason, result=result, notes=notes)
    leave_contact(contact_uuid=interaction.uuid, agent=agent)
    record(
        "interactions.interaction.closed",
        subject=interaction,
        actor=agent,
        payload={"reason": reason.code, "result": result},
    )
    ask_satisfaction(interaction=interaction)


@transaction.atomic
def clear_contact(*, interaction: Interaction, agent: Any) -> Interaction:
    """
    Drop a wrong identification: the contact keeps nothing but a line in the audit log.

    Whoever is still on the line is somebody: a new contact begins with the call.

    :raises ContactEnded: if the contact is not live
    """
    interaction = live_interaction(interaction.uuid, agent=agent)
    discard_runs(interaction=interaction, actor=agent)
    interaction.alerts.all().delete()
    AttributeValue.objects.filter(interaction_uuid=interaction.uuid).delete()
    if interaction.channel in IN_WRITING:
        release_contact(contact_uuid=interaction.uuid, agent=agent)
    interaction.mark_cleared(clock.now())
    record("interactions.interaction.cleared", subject=interaction, actor=agent)
    call = interaction.call
    if call is not None and not call.is_over:
        interaction.take_call(None)
        open_contact(agent=agent, direction=call.direction, call=call)
    ring(agent.pk)
    return interaction


@transaction.atomic
def close_overdue_wrap_ups(*, now: dt.datetime | None = None) -> int:
    """Close wrap-ups that the tenant's timer has outrun, with the default reason; count them."""
    now = now or clock.now()
    limit = now - dt.timedelta(seconds=current_profile().wrap_up_seconds)
    overdue = Interaction.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        status=InteractionStatus.WRAP_UP, ended_at__lt=limit
    )
    reason = Reason.objects.get(code=DefaultReason.TIMED_OUT)
    closed = 0
    for interaction in overdue:
        try:
            interaction.mark_closed(
                at=now,
                reason=reason,
                result=Result.NOT_STATED,
                notes=interaction.notes or interaction.scratch_pad,
            )
        except IllegalTransition:
            continue
        leave_contact(contact_uuid=interaction.uuid, agent=interaction.agent)
        record("interactions.interaction.timed_out", subject=interaction)
        ask_satisfaction(interaction=interaction)
        ring(interaction.agent_id)
        closed += 1
    return closed
