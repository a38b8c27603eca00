"""Chats: a visitor on our site, an agent at the desk, each line once and in order."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.choices import Channel, Direction, Remark
from conversations.models import ChatSession, Conversation, Message
from conversations.services.assigning import held, locked
from conversations.services.noticing import WAITING, notice
from conversations.services.opening import open_conversation
from events.services import recording
from utilcrm import clock
from utilcrm.db.locks import lock_until_commit

TOKEN_LENGTH = 43
"""Characters of 32 random bytes in base64."""

MOST_LINE = 2_000
MOST_LINES = 1_000
"""Lines of one chat; who needs more begins another."""

SILENCE = dt.timedelta(hours=1)
"""After which a chat is over."""


class ChatUnknown(Exception):
    """No chat has this address."""


class ChatOver(Exception):
    """The chat has ended; what was typed is kept on the page."""


class LineRefused(Exception):
    """The line is empty or too long."""


@transaction.atomic
def begin_chat(*, token: str, name: str, address: str, text: str, language: str) -> Conversation:
    """
    Begin a chat with its first line; `token` (see `new_token`) is the secret of its address.

    The same token again is the same chat: a form that was sent twice.

    :raises LineRefused: if the line is empty or too long, or the token is none of ours
    """
    if len(token) != TOKEN_LENGTH:
        raise LineRefused(_("Please begin again."))
    lock_until_commit("chat", _hash(token))
    known = ChatSession.objects.filter(token_sha256=_hash(token)).first()
    if known is not None:
        return known.conversation
    conversation = open_conversation(
        channel=Channel.CHAT,
        subject=text,
        address=address.lower(),
        name=name,
        language=language,
        # Somebody sits there and waits.
        priority=1,
    )
    ChatSession.objects.create(conversation=conversation, token_sha256=_hash(token))
    message = _add(conversation, Direction.IN, text, key=str(uuid.uuid4()), sender_name=name)
    message.remarks = [Remark.UNPROVEN.value]
    message.save(update_fields=["remarks", "updated_at"])
    notice(WAITING)
    recording.record(
        "conversations.message.received",
        subject=conversation,
        payload={"message_uuid": str(message.uuid), "channel": Channel.CHAT},
    )
    return conversation


def new_token() -> str:
    """Return the secret of a chat that somebody may begin."""
    return secrets.token_urlsafe(32)


def find_chat(token: str) -> ChatSession:
    """
    Return the chat with this address.

    :raises ChatUnknown: if there is none
    """
    found = (
        ChatSession.objects.select_related("conversation__agent")
        .filter(token_sha256=_hash(token))
        .first()
    )
    if found is None:
        raise ChatUnknown
    return found


@transaction.atomic
def say_as_visitor(*, session: ChatSession, text: str, key: str) -> Message:
    """
    Add a visitor's line; the same `key` again is the same line.

    :raises ChatOver: if the chat has ended
    :raises LineRefused: if the line is empty or too long
    """
    conversation = locked(session.conversation)
    _open_session(session)
    message = _add(conversation, Direction.IN, text, key=key, sender_name=conversation.name)
    conversation.mark_waiting_for_us(at=message.arrived_at)
    notice(WAITING)
    return message


@transaction.atomic
def say_as_agent(*, conversation: Conversation, agent: Any, text: str, key: str) -> Message:
    """
    Add an agent's line; the same `key` again is the same line.

    :raises conversations.services.assigning.NotPossible: unless the agent has the chat in hand
    :raises ChatOver: if the chat has ended
    :raises LineRefused: if the line is empty or too long
    """
    conversation = held(conversation, agent)
    _open_session(conversation.chat)
    message = _add(conversation, Direction.OUT, text, key=key, author=agent)
    conversation.note_message(at=message.arrived_at)
    return message


@transaction.atomic
def leave_chat(*, session: ChatSession) -> None:
    """End a chat by its visitor, once; the agent still finishes the conversation."""
    conversation = locked(session.conversation)
    session = ChatSession.objects.select_for_update().get(pk=session.pk)
    if not session.is_open:
        return
    session.mark_ended(at=clock.now(), by_us=False)
    notice(str(conversation.uuid), WAITING)
    recording.record("conversations.chat.left", subject=conversation)


def end_silent_chats() -> int:
    """
    End the chats in which nobody has said anything for an hour; return how many.

    A browser that is closed says no good-bye. Who had not been answered still waits, and is
    answered by e-mail.
    """
    before = clock.now() - SILENCE
    silent = ChatSession.objects.filter(
        ended_at__isnull=True, conversation__last_message_at__lt=before
    )
    ended = 0
    for session in silent.select_related("conversation").order_by("pk")[:200]:
        ended += _end_if_silent(session, before)
    return ended


@transaction.atomic
def _end_if_silent(session: ChatSession, before: dt.datetime) -> bool:
    conversation = locked(session.conversation)
    session = ChatSession.objects.select_for_update().get(pk=session.pk)
    if conversation.last_message_at >= before or not session.is_open:
        return False
    session.mark_ended(at=clock.now(), by_us=False)
    notice(str(conversation.uuid), WAITING)
    recording.record("conversations.chat.fell_silent", subject=conversation)
    return True


def _open_session(session: ChatSession) -> None:
    if not ChatSession.objects.select_for_update().get(pk=session.pk).is_open:
        raise ChatOver(_("This chat has ended."))


def _add(conversation: Conversation, direction: Direction, text: str, **more: Any) -> Message:
    key = more.pop("key")
    text = text.replace("\x00", "").strip()
    if not text:
        raise LineRefused(_("Write something first."))
    if len(text) > MOST_LINE:
        raise LineRefused(_("A line has %(most)s characters at most.") % {"most": MOST_LINE})
    # The conversation is locked: the order of ids is the order in which both sides see the lines.
    known = conversation.messages.filter(client_key=key).first()
    if known is not None:
        more_text = text.removeprefix(known.text).strip() if text.startswith(known.text) else ""
        if not more_text:
            return known
        # The answer was lost, and the person typed on: what is new is a line of its own.
        again = str(uuid.uuid5(uuid.UUID(key), more_text))
        return _add(conversation, direction, more_text, key=again, **more)
    if conversation.messages.count() >= MOST_LINES:
        raise ChatOver(_("This chat is too long. Please begin another one."))
    notice(str(conversation.uuid))
    return Message.objects.create(
        conversation=conversation,
        direction=direction,
        text=text,
        client_key=key,
        arrived_at=clock.now(),
        **more,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
