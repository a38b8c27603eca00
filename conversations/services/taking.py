"""Taking in what has arrived: each message once, whatever it holds and whatever dies meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.db import DataError, IntegrityError, transaction

from conversations.choices import Channel, Direction, Intake
from conversations.models import Conversation, Mailbox, Message
from conversations.services.joining import conversation_of
from conversations.services.keeping import keep_files
from conversations.services.noticing import WAITING, notice
from conversations.services.opening import open_conversation
from conversations.services.parsing import Bounce, Received, read_message, unreadable
from conversations.services.receipts import confirm_receipt
from correspondence.services.bounces import note_bounce
from events.services import recording
from utilcrm import clock

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Place:
    """Where in a mailbox's folder a message lies (RFC 9051, 2.3.1.1)."""

    uid_validity: int
    uid: int


@dataclass(frozen=True)
class Taken:
    """What became of a raw message; the message is None for a bounce that was recognised."""

    result: Intake
    message: Message | None = None


def take_in(
    raw: bytes,
    *,
    mailbox: Mailbox | None = None,
    place: Place | None = None,
    size: int | None = None,
) -> Taken:
    """
    Take in one raw e-mail (RFC 5322); the one door for whatever brings it.

    A message that is known already changes nothing. `place` is noted in the same transaction, so
    that the folder goes on behind it. `size` (bytes) is given when `raw` is the head of a message
    too large to be fetched. Never raises because of what the message holds.
    """
    received = read_message(raw, checker=mailbox.checker if mailbox else "", size=size)
    try:
        return _store(received, mailbox, place)
    except IntegrityError:
        # The same message has come by another door at this very moment: now it is known.
        return _store(received, mailbox, place)
    except (DataError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        # Something in it that no column takes, or that nobody has thought of: it is kept as it
        # came, and nothing behind it waits.
        logger.warning("message_not_stored", fingerprint=received.fingerprint, exc_info=True)
        return _store(unreadable(raw), mailbox, place)


@transaction.atomic
def _store(received: Received, mailbox: Mailbox | None, place: Place | None) -> Taken:
    if mailbox is not None and place is not None and not _moves_on(mailbox, place):
        return Taken(Intake.DUPLICATE)
    known = Message.objects.filter(fingerprint=received.fingerprint).first()
    if known is not None:
        return Taken(Intake.DUPLICATE, known)
    if received.bounce is not None and _note_bounce(received.bounce):
        return Taken(Intake.BOUNCE)
    conversation = conversation_of(received)
    is_new = conversation is None
    if conversation is None:
        conversation = open_conversation(
            channel=Channel.EMAIL,
            subject=received.subject,
            address=received.sender,
            name=received.sender_name,
            mailbox=mailbox,
        )
    message = _add(conversation, received)
    if received.is_automatic:
        # An absence note is no answer; a bounce of something long forgotten is nobody's work.
        conversation.note_message(at=message.arrived_at)
        if is_new and received.bounce is not None:
            conversation.mark_done()
    else:
        conversation.mark_waiting_for_us(at=message.arrived_at)
    if is_new:
        confirm_receipt(conversation=conversation, message=message)
    notice(WAITING, str(conversation.uuid))
    recording.record(
        "conversations.message.received",
        subject=conversation,
        payload={"message_uuid": str(message.uuid), "channel": conversation.channel},
    )
    return Taken(Intake.TAKEN, message)


def _moves_on(mailbox: Mailbox, place: Place) -> bool:
    """Move the mailbox past a message; False if it was there already."""
    locked = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if locked.uid_validity == place.uid_validity and place.uid <= locked.last_uid:
        return False
    locked.mark_taken(uid_validity=place.uid_validity, uid=place.uid)
    return True


def _add(conversation: Conversation, received: Received) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.IN,
        sender=received.sender,
        sender_name=received.sender_name,
        reply_to=received.reply_to,
        to=received.to,
        subject=received.subject,
        text=received.text,
        html=received.html,
        written_at=received.written_at,
        arrived_at=clock.now(),
        is_automatic=received.is_automatic,
        remarks=[str(code) for code in received.remarks],
        checks=received.checks,
        message_id=received.message_id[:250],
        in_reply_to=received.in_reply_to[:250],
        references=[one[:250] for one in received.references],
        fingerprint=received.fingerprint,
    )
    keep_files(message=message, files=received.files)
    return message


def _note_bounce(bounce: Bounce) -> bool:
    """Mark what came back, an answer of a conversation or any other mail of ours."""
    reason = ": ".join(part for part in (bounce.recipient, bounce.reason) if part)
    answer = (
        Message.objects.select_for_update(of=("self",))
        .filter(message_id=bounce.message_id, direction=Direction.OUT)
        .select_related("conversation__account")
        .first()
    )
    if answer is None:
        return note_bounce(message_id=bounce.message_id, reason=reason) is not None
    if answer.bounced_at is None:
        answer.mark_bounced(at=clock.now(), reason=reason)
        conversation: Conversation = Conversation.objects.select_for_update(of=("self",)).get(
            pk=answer.conversation_id
        )
        if not answer.is_automatic:
            # Somebody waits for an answer that has not reached them.
            conversation.mark_waiting_for_us(at=clock.now())
        notice(WAITING, str(conversation.uuid))
        recording.record(
            "conversations.message.bounced",
            subject=conversation,
            payload={"message_uuid": str(answer.uuid), "reason": reason},
        )
    return True
