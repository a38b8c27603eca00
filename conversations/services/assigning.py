"""Who works on a conversation, and what becomes of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Account
from conversations.choices import Channel, ConversationStatus, Direction, Remark
from conversations.models import ChatSession, Conversation
from conversations.services.noticing import WAITING, notice
from events.services import recording
from utilcrm import clock
from utilcrm.states import IllegalTransition

LEAD = "conversations.lead_conversations"

_MOST_TOLD = 50
"""Earlier messages that appear on a customer's timeline when a conversation is linked to them."""


class ConversationTaken(Exception):
    """A colleague works on it."""


class NotPossible(Exception):
    """The conversation is no longer in a state in which this could be done."""


@transaction.atomic
def take_up(*, conversation: Conversation, agent: Any, contact_uuid: uuid.UUID) -> Conversation:
    """
    Put a conversation into an agent's hands, within a contact.

    :raises ConversationTaken: if a colleague was faster
    :raises NotPossible: if it is spam
    """
    conversation = locked(conversation)
    if conversation.status == ConversationStatus.ASSIGNED and conversation.agent_id != agent.pk:
        raise ConversationTaken(
            _("%(name)s works on this conversation.") % {"name": conversation.agent}
        )
    try:
        conversation.take(agent=agent, contact_uuid=contact_uuid)
    except IllegalTransition as error:
        raise NotPossible(_("This conversation is marked as spam.")) from error
    return told(conversation, "taken", agent)


@transaction.atomic
def put_back(*, conversation: Conversation, agent: Any) -> Conversation:
    """
    Give a conversation back to everybody.

    :raises NotPossible: unless the agent has it, or may take it out of a colleague's hands
    """
    conversation = movable(conversation, agent)
    conversation.put_back()
    return told(conversation, "put_back", agent)


@transaction.atomic
def finish(*, conversation: Conversation, agent: Any) -> Conversation:
    """
    Say that nothing is left to write; a chat ends for its visitor, too.

    :raises NotPossible: if it is done already, or a colleague has it
    """
    conversation = locked(conversation)
    _refuse_of_colleague(conversation, agent)
    try:
        conversation.mark_done()
    except IllegalTransition as error:
        raise NotPossible(_("This conversation is done already.")) from error
    if conversation.channel == Channel.CHAT:
        session = ChatSession.objects.select_for_update().get(conversation=conversation)
        session.mark_ended(at=clock.now(), by_us=True)
    return told(conversation, "finished", agent)


@transaction.atomic
def mark_spam(*, conversation: Conversation, agent: Any) -> Conversation:
    """
    Say that it was never a customer's concern.

    :raises NotPossible: if it is finished, belongs to a customer, or a colleague has it
    """
    conversation = locked(conversation)
    _refuse_of_colleague(conversation, agent)
    if conversation.account_id:
        raise NotPossible(_("A customer's conversation is no spam."))
    try:
        conversation.mark_spam()
    except IllegalTransition as error:
        raise NotPossible(_("This conversation is finished.")) from error
    return told(conversation, "marked_spam", agent)


@transaction.atomic
def reopen(*, conversation: Conversation, agent: Any) -> Conversation:
    """
    Put what was finished, or was spam by mistake, back among what waits.

    :raises NotPossible: if it is unfinished, or a chat that has ended
    """
    conversation = locked(conversation)
    is_over = conversation.status in {ConversationStatus.DONE, ConversationStatus.SPAM}
    if not is_over or conversation.channel == Channel.CHAT:
        raise NotPossible(_("This conversation cannot be opened again."))
    conversation.put_back()
    return told(conversation, "reopened", agent)


@transaction.atomic
def link_contact(*, contact_uuid: uuid.UUID, account: Account | None, agent: Any) -> None:
    """
    Say whose concern the conversations of a contact are: the account that was confirmed for it.

    What was written before appears with the customer, at the time when it came.
    """
    for conversation in _of_contact(contact_uuid):
        if conversation.account_id == (account.pk if account else None):
            continue
        conversation.link(account)
        notice(WAITING, str(conversation.uuid))
        if account is None:
            continue
        # A chat is one thing that happened, however many lines it has.
        most = 1 if conversation.channel == Channel.CHAT else _MOST_TOLD
        for message in conversation.messages.filter(direction=Direction.IN).order_by("pk")[:most]:
            recording.record(
                "conversations.message.linked",
                subject=conversation,
                actor=agent,
                account_uuid=account.uuid,
                occurred_at=message.arrived_at,
                payload={"message_uuid": str(message.uuid), "channel": conversation.channel},
            )


@transaction.atomic
def release_contact(*, contact_uuid: uuid.UUID, agent: Any) -> None:
    """Forget a wrong identification: the contact's conversations are nobody's, and wait again."""
    for conversation in _of_contact(contact_uuid):
        conversation.link(None)
        if conversation.status == ConversationStatus.ASSIGNED:
            conversation.put_back()
        else:
            conversation.leave_contact()
        told(conversation, "put_back", agent)


@transaction.atomic
def leave_contact(*, contact_uuid: uuid.UUID, agent: Any) -> None:
    """
    The contact is wrapped up: what is not done stays with its agent, who takes it up anew.

    A visitor of a chat who still sits there waits for somebody else; without one it is done.
    """
    for conversation in _of_contact(contact_uuid):
        is_chat_in_hand = (
            conversation.channel == Channel.CHAT
            and conversation.status == ConversationStatus.ASSIGNED
        )
        if not is_chat_in_hand:
            conversation.leave_contact()
        elif conversation.chat.is_open:
            conversation.put_back()
            told(conversation, "put_back", agent)
        else:
            conversation.mark_done()
            conversation.leave_contact()
            told(conversation, "finished", agent)


def is_trusted(conversation: Conversation) -> bool:
    """Tell whether all that was written comes from where the conversation began."""
    odd = [Remark.OTHER_SENDER, Remark.FORGED, Remark.BY_NUMBER]
    return not conversation.messages.filter(remarks__overlap=odd).exists()


def locked(conversation: Conversation) -> Conversation:
    """Lock a conversation and return it as it stands now."""
    found: Conversation = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("account", "mailbox", "agent")
        .get(pk=conversation.pk)
    )
    return found


def held(conversation: Conversation, agent: Any) -> Conversation:
    """
    Lock a conversation that the agent works on, within a contact.

    :raises NotPossible: if the agent does not
    """
    conversation = locked(conversation)
    if not conversation.is_worked_on_by(agent):
        raise NotPossible(_("This conversation is not in your hands. Take it up first."))
    return conversation


def movable(conversation: Conversation, agent: Any) -> Conversation:
    """
    Lock a conversation that is in the agent's hands, or in a colleague's for who leads.

    :raises NotPossible: if it is in nobody's hands, or not this person's to move
    """
    conversation = locked(conversation)
    if conversation.status != ConversationStatus.ASSIGNED:
        raise NotPossible(_("This conversation is in nobody's hands."))
    _refuse_of_colleague(conversation, agent)
    return conversation


def _of_contact(contact_uuid: uuid.UUID) -> QuerySet[Conversation]:
    rows: QuerySet[Conversation] = Conversation.objects.select_for_update(of=("self",))
    return rows.filter(contact_uuid=contact_uuid).order_by("pk")


def _refuse_of_colleague(conversation: Conversation, agent: Any) -> None:
    if agent.has_perm(LEAD):
        return
    if conversation.status == ConversationStatus.ASSIGNED and conversation.agent_id != agent.pk:
        raise NotPossible(_("%(name)s works on this conversation.") % {"name": conversation.agent})


def told(conversation: Conversation, verb: str, agent: Any, **facts: Any) -> Conversation:
    """Record what was done, and have open pages look again; the last step of a transaction."""
    notice(WAITING, str(conversation.uuid))
    recording.record(
        f"conversations.conversation.{verb}", subject=conversation, actor=agent, payload=facts
    )
    return conversation
