"""What a wrap-up does beside closing: follow-ups, what was closed by the timer, later notes."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from events.services.recording import record
from interactions.choices import DefaultReason, InteractionStatus
from interactions.models import Interaction, Reason
from interactions.queries.results import choosable_results
from service.choices import PromiseStatus
from service.models import Promise
from service.services.promising import make_promise
from utilcrm import clock, context

LATE = dt.timedelta(hours=24)
"""For how long an agent may still say what the timer has closed was about."""


class FollowUpMissing(Exception):
    """A follow-up was agreed, and nobody has promised anything."""


class FollowUpRefused(Exception):
    """A follow-up cannot be promised like this; `field` says why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class NotYours(Exception):
    """Only the agent of a closed contact writes about it."""


@dataclass(frozen=True)
class FollowUp:
    """What the agent promises in the same breath; `due_at` is the first moment too late."""

    kind: str
    text: str
    due_at: dt.datetime


def promise_follow_up(*, interaction: Interaction, agent: Any, follow_up: FollowUp) -> Promise:
    """
    Promise a customer what was agreed; it is the agent's own to keep, and the customer sees it.

    :raises FollowUpRefused: without a customer, or for a moment that is over
    """
    if interaction.account is None:
        raise FollowUpRefused(
            "follow_up", _("Nobody has been identified: there is nobody to promise it to.")
        )
    try:
        return make_promise(
            account=interaction.account,
            kind=follow_up.kind,
            text=follow_up.text,
            due_at=follow_up.due_at,
            owner=agent,
            actor=agent,
        )
    except ValueError as late:
        raise FollowUpRefused("follow_up_on", str(late)) from late


def check_result(*, interaction: Interaction, result: str, follow_up: FollowUp | None) -> None:
    """
    Check that a follow-up was promised where the result says so.

    :raises FollowUpMissing: if not
    """
    needs = {one.code for one in choosable_results() if one.needs_follow_up}
    if result not in needs or follow_up is not None:
        return
    promised = Promise.objects.filter(interaction_uuid=interaction.uuid)
    if not promised.exclude(status=PromiseStatus.WITHDRAWN).exists():
        raise FollowUpMissing(
            _("Say below what was agreed and by when; nothing has been promised in this contact.")
        )


def timed_out(agent: Any) -> Q:
    """Return the condition for the agent's contacts that the timer closed lately."""
    return Q(
        agent=agent,
        status=InteractionStatus.CLOSED,
        reason__code=DefaultReason.TIMED_OUT,
        closed_at__gte=clock.now() - LATE,
    )


@transaction.atomic
def complete_late(
    *, interaction_uuid: uuid.UUID, agent: Any, reason: Reason, result: str, notes: str
) -> Interaction | None:
    """
    Say what a contact was about that the timer had closed; None if it is none of these.

    What was typed when the timer ran out is not lost.
    """
    interaction = (
        Interaction.objects.select_for_update(of=("self",))
        .filter(timed_out(agent), uuid=interaction_uuid)
        .first()
    )
    if interaction is None:
        return None
    interaction.reason, interaction.result, interaction.notes = reason, result, notes
    interaction.save_changes("reason", "result", "notes")
    with context.acting(interaction_uuid=interaction.uuid):
        record(
            "interactions.interaction.completed_late",
            subject=interaction,
            actor=agent,
            payload={"reason": reason.code, "result": result},
        )
    return interaction


@transaction.atomic
def amend_notes(
    *, interaction: Interaction, agent: Any, version: int | None, notes: str
) -> Interaction:
    """
    Change the notes of one's own finished contact; what stood there before stays in its history.

    :raises NotYours: if somebody else had the contact, or it is not finished
    :raises StaleVersion: if it was changed meanwhile
    """
    locked = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    if locked.agent_id != agent.pk or locked.status != InteractionStatus.CLOSED:
        raise NotYours(_("Only who had the contact changes its notes."))
    locked.require_version(version)
    before, locked.notes = locked.notes, notes
    locked.save_changes("notes")
    record(
        "interactions.interaction.amended",
        subject=locked,
        actor=agent,
        payload={"before": before},
    )
    return locked
