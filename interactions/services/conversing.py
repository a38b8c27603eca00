"""Conversations in writing as contacts."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from conversations.choices import Channel as Way
from conversations.models import Conversation
from conversations.services.assigning import is_trusted, take_up
from interactions.choices import LIVE, Channel
from interactions.models import Interaction
from interactions.services.confirming import confirm_account
from interactions.services.contacts import open_contact
from utilcrm import context

CHANNELS = {
    Way.EMAIL: Channel.EMAIL,
    # It came by our site, and is answered by e-mail.
    Way.WEB_FORM: Channel.EMAIL,
    Way.CHAT: Channel.CHAT,
    Way.LETTER: Channel.LETTER,
}


@transaction.atomic
def take_conversation(*, conversation: Conversation, agent: Any) -> Interaction:
    """
    Take up a conversation within a contact; taking it twice gives the same contact.

    Its customer is confirmed only if an agent has said so before, and nothing has come since from
    another address: a sender's address proves nothing.

    :raises conversations.services.assigning.ConversationTaken: if a colleague was faster
    :raises conversations.services.assigning.NotPossible: if it is spam
    """
    before = conversation.contact_uuid
    known = before and Interaction.objects.filter(uuid=before, agent=agent, status__in=LIVE).first()
    contact = known or open_contact(
        agent=agent, channel=CHANNELS[Way(conversation.channel)], queue=conversation.queue
    )
    with context.acting(interaction_uuid=contact.uuid):
        conversation = take_up(conversation=conversation, agent=agent, contact_uuid=contact.uuid)
    if known is None and conversation.account is not None and is_trusted(conversation):
        contact = confirm_account(account=conversation.account, agent=agent, interaction=contact)
    return contact
