"""Answering in writing: the draft, the templates, the sending."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.choices import BY_MAIL, Channel
from conversations.models import Conversation, Message, ReplyTemplate
from conversations.queries.reaching import addresses_of
from conversations.services.assigning import held
from conversations.services.attaching import files_named
from conversations.services.drafting import forget_draft
from conversations.services.noticing import WAITING, notice
from conversations.services.sending import send_mail
from events.services import recording
from tenants.queries import current_profile
from utilcrm import clock

MOST_TEXT = 20_000


class AnswerRefused(Exception):
    """The answer cannot be sent as it is; `field` says what is wrong with it."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def filled(template: ReplyTemplate, *, conversation: Conversation, agent: Any) -> str:
    """Return a template's text for a conversation, in the template's language."""
    profile = current_profile()
    account = conversation.account
    with translation.override(template.language):
        values = {
            "customer": conversation.who,
            "account": account.number if account else "",
            "conversation": conversation.number,
            "subject": conversation.subject,
            "agent": str(agent),
            "company": profile.legal_name,
            "phone": profile.phone,
            "today": date_format(clock.today(), "DATE_FORMAT"),
        }
    # The template was checked when it was saved; what a customer has written is never a template.
    return template.text.format_map(values)


def is_answered_by_mail(conversation: Conversation) -> bool:
    """Tell whether an answer goes out by e-mail, and not where the person sits and waits."""
    return conversation.channel in BY_MAIL or not conversation.chat.is_open


@transaction.atomic
def reply(
    *,
    conversation: Conversation,
    agent: Any,
    to: str,
    text: str,
    is_final: bool = False,
    draft: uuid.UUID | None = None,
    attached: Sequence[uuid.UUID] = (),
) -> Message:
    """
    Send an answer by e-mail, with the mailbox's signature; its draft is forgotten.

    Of the files that were added those go along that the agent has seen: `attached`.

    A chat is answered by e-mail once its visitor has gone.

    :raises conversations.services.assigning.NotPossible: unless the agent works on it
    :raises AnswerRefused: without a text, to an address that is not the customer's, or with a file
        that is not there any more
    """
    conversation = held(conversation, agent)
    if not is_answered_by_mail(conversation):
        raise AnswerRefused("text", _("A chat is answered in the chat."))
    if not text.strip():
        raise AnswerRefused("text", _("Write an answer first."))
    if to not in addresses_of(conversation):
        raise AnswerRefused("to", _("Choose one of the addresses that this customer has used."))
    enclosed = files_named(conversation, attached)
    if enclosed is None:
        raise AnswerRefused("text", _("One of the files was taken out. Look at them once more."))
    signature = conversation.mailbox.signature.strip() if conversation.mailbox else ""
    whole = f"{text.rstrip()}\n\n-- \n{signature}" if signature else text.rstrip()
    message = send_mail(conversation=conversation, to=to, text=whole, author=agent, files=enclosed)
    forget_draft(conversation=conversation, author=agent, draft=draft)
    conversation.mark_answered(at=message.arrived_at, is_final=is_final)
    notice(WAITING, str(conversation.uuid))
    recording.record(
        "conversations.conversation.answered",
        subject=conversation,
        actor=agent,
        payload={"message_uuid": str(message.uuid), "channel": Channel.EMAIL},
    )
    return message
