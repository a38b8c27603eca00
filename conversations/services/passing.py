"""Passing a conversation on to a colleague, with all that one knows about it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from conversations.models import Conversation, Handover
from conversations.queries.passing import colleagues_for
from conversations.services.assigning import movable, told


class PassingRefused(Exception):
    """The colleague cannot take it."""

    field = "colleague"


@transaction.atomic
def pass_on(
    *, conversation: Conversation, agent: Any, colleague: User | None, note: str
) -> Handover:
    """
    Put a conversation into a colleague's hands, or back among what waits, with a note.

    The colleague sees what was begun to be written; the customer stays confirmed as far as an
    agent has said who it is. The note is never shown to the customer.

    :raises conversations.services.assigning.NotPossible: unless the agent may move it
    :raises PassingRefused: if the colleague may not answer this customer
    """
    conversation = movable(conversation, agent)
    if colleague is not None:
        if colleague not in colleagues_for(conversation, conversation.agent):
            raise PassingRefused(_("This colleague does not answer customers of this kind."))
        conversation.hand_to(colleague)
    else:
        conversation.put_back()
    handover = Handover.objects.create(
        conversation=conversation, by=agent, to=colleague, note=note.strip()
    )
    told(conversation, "passed_on", agent, to=str(colleague) if colleague else "")
    return handover
