"""What a person does with offered work: take it, decline it, finish it, pass it on."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.queries import segments_of
from accounts.models import Account
from conversations.choices import ConversationStatus
from conversations.models import Conversation
from conversations.services.assigning import put_back, take_up
from events.services.recording import record
from interactions.choices import COLOURS, LIVE
from interactions.choices.work import WorkKind, WorkStatus
from interactions.models import Interaction, Presence, WorkItem
from interactions.services.contacts import accept_call, live_interaction
from interactions.services.conversing import take_conversation
from interactions.services.dialling import lead_to
from interactions.services.live import ring
from interactions.services.work.offering import distribute_soon
from interactions.services.work.waiting import wait_for_colleague
from utilcrm import clock, context


class WorkTaken(Exception):
    """Somebody else has it, or nobody needs it any more."""


class NobodyThere(Exception):
    """A contact is handed to a colleague or to a queue, and the colleague is somebody else."""

    field = "colleague"


@transaction.atomic
def take(*, item: WorkItem, agent: Any) -> WorkItem:
    """
    Take offered work, or work that waits for anybody; taking it twice changes nothing.

    The contact that it leads to is `item.contact`; a task has none.

    :raises WorkTaken: if it is offered to somebody else, taken or gone
    :raises interactions.services.contacts.CallTaken: if the caller has hung up
    :raises conversations.services.assigning.ConversationTaken: if a colleague was faster
    :raises conversations.services.assigning.NotPossible: if it is spam
    """
    item = _locked(item)
    if item.status == WorkStatus.ACCEPTED and item.accepted_by_id == agent.pk:
        return item
    is_for_agent = item.status == WorkStatus.OFFERED and item.offered_to_id == agent.pk
    is_free = item.status == WorkStatus.WAITING and item.for_agent_id in {None, agent.pk}
    if not (is_for_agent or is_free):
        raise WorkTaken(_("Somebody else has taken this, or it is over."))
    contact: Interaction | None = None
    if item.call is not None:
        contact = accept_call(call=item.call, agent=agent)
        lead_to(call=item.call, agent=agent)
    elif item.conversation is not None:
        _refuse_to_the_blind(agent, item.conversation.account)
        contact = take_conversation(conversation=item.conversation, agent=agent)
    elif item.kind == WorkKind.HANDOVER:
        contact = _take_over(item, agent)
    item.accept(by=agent, at=clock.now(), contact=contact)
    Presence.objects.filter(agent=agent).update(unanswered=0)
    ring(agent.pk)
    distribute_soon()
    return item


@transaction.atomic
def decline(*, item: WorkItem, agent: Any) -> WorkItem:
    """
    Say no to an offer: the next person gets it.

    A contact that was handed to this person alone is handed to nobody then; its agent is told.

    :raises WorkTaken: if it is not offered to this person any more
    """
    item = _locked(item)
    if item.status != WorkStatus.OFFERED or item.offered_to_id != agent.pk:
        raise WorkTaken(_("This is not offered to you any more."))
    if item.kind == WorkKind.HANDOVER and item.for_agent_id == agent.pk:
        item.drop(clock.now())
        if item.given_by_id is not None:
            ring(item.given_by_id)
    else:
        item.withdraw_offer()
    Presence.objects.filter(agent=agent).update(unanswered=0)
    ring(agent.pk)
    distribute_soon()
    return item


@transaction.atomic
def finish_task(*, item: WorkItem, agent: Any) -> WorkItem:
    """
    Say that a task is done.

    :raises WorkTaken: unless it is in this person's hands
    """
    item = _locked(item)
    in_hands = item.status == WorkStatus.ACCEPTED and item.accepted_by_id == agent.pk
    if item.kind != WorkKind.TASK or not in_hands:
        raise WorkTaken(_("This task is not in your hands."))
    item.finish(clock.now())
    distribute_soon()
    return item


@transaction.atomic
def hand_over(
    *, contact: Interaction, agent: Any, colleague: Any = None, queue: str = "", note: str = ""
) -> None:
    """
    Offer a live contact to one colleague or to a queue; until somebody takes it, it stays here.

    It is with one at a time: whom it was offered to before does not get it any more.

    :raises interactions.services.contacts.ContactEnded: if the contact is not the agent's, or over
    :raises NobodyThere: without a colleague and a queue, or to oneself
    """
    contact = live_interaction(contact.uuid, agent=agent)
    if colleague is None and not queue:
        raise NobodyThere(_("Choose a colleague or a queue."))
    if colleague is not None and colleague.pk == agent.pk:
        raise NobodyThere(_("This is you. Choose somebody else."))
    if (
        colleague is not None
        and contact.account is not None
        and contact.account.segment not in segments_of(colleague)
    ):
        raise NobodyThere(_("This colleague may not see this customer."))
    wait_for_colleague(contact=contact, given_by=agent, for_agent=colleague, queue=queue, note=note)
    record(
        "interactions.interaction.offered",
        subject=contact,
        actor=agent,
        payload={"to": str(colleague or queue)},
    )
    distribute_soon()


def _take_over(item: WorkItem, agent: Any) -> Interaction:
    """Move the contact with everything it has to the agent who takes it."""
    contact = (
        Interaction.objects.select_for_update(of=("self",))
        .select_related("agent", "account", "call")
        .filter(work=item, status__in=LIVE)
        .first()
    )
    if contact is None or contact.agent_id == agent.pk:
        raise WorkTaken(_("Somebody else has taken this, or it is over."))
    _refuse_to_the_blind(agent, contact.account)
    before = contact.agent
    taken = set(
        Interaction.objects.filter(agent=agent, status__in=LIVE).values_list("colour", flat=True)
    )
    colour = next((n for n in range(COLOURS) if n not in taken), len(taken) % COLOURS)
    with context.acting(interaction_uuid=contact.uuid):
        for conversation in _conversations_of(contact):
            put_back(conversation=conversation, agent=before)
            take_up(conversation=conversation, agent=agent, contact_uuid=contact.uuid)
        contact.hand_over(
            to=agent, colour=colour, note=f"{before}: {item.note}" if item.note else ""
        )
        record(
            "interactions.interaction.handed_over",
            subject=contact,
            actor=agent,
            account_uuid=contact.account.uuid if contact.account else None,
            payload={"from": str(before), "to": str(agent), "note": item.note},
        )
    if contact.call is not None:
        lead_to(call=contact.call, agent=agent)
    ring(before.pk)
    return contact


def _refuse_to_the_blind(agent: Any, account: Account | None) -> None:
    """Whose concern it is may have been found out since it began to wait."""
    if account is not None and account.segment not in segments_of(agent):
        raise WorkTaken(_("Somebody else has taken this, or it is over."))


def _conversations_of(contact: Interaction) -> Any:
    return Conversation.objects.filter(
        contact_uuid=contact.uuid, status=ConversationStatus.ASSIGNED, agent=contact.agent
    )


def _locked(item: WorkItem) -> WorkItem:
    found: WorkItem = (
        WorkItem.objects.select_for_update(of=("self",))
        .select_related("call", "conversation__account", "contact", "account")
        .get(pk=item.pk)
    )
    return found
