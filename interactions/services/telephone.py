"""
What the telephone system tells: a call rings, is answered, ends.

The message is signed: `X-Telephone-Signature: t=<unix seconds>,v1=<hex>`, where v1 is the
HMAC-SHA256 of `<t>.<raw body>` under the tenant's secret (see `webhook_secret`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime

from access.models import User
from events.services.inbox import Receipt, receive
from interactions.choices import CallStatus, Direction
from interactions.models import Call
from interactions.services.live import ring
from tenants.queries import current_profile
from utilcrm.db.tenancy import current_schema
from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.phones import normalise_phone
from utilcrm.states import IllegalTransition

TOLERANCE = dt.timedelta(seconds=300)
SOURCE = "telephone"

_STATUS = {
    "call.ringing": CallStatus.RINGING,
    "call.answered": CallStatus.CONNECTED,
    "call.ended": CallStatus.ENDED,
    "call.missed": CallStatus.MISSED,
}


class SignatureRefused(Exception):
    """The message is not from the telephone system, or is too old."""


class MessageRefused(Exception):
    """The message is signed but makes no sense; `field` says where."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class CallMessage:
    """One signed message of the telephone system."""

    message_id: str
    call_id: str
    status: str
    at: dt.datetime
    caller: str
    called: str
    queue: str
    extension: str


def webhook_secret() -> str:
    """Return the secret that this tenant shares with its telephone system."""
    return hmac.new(
        settings.TELEPHONE_WEBHOOK_SECRET.encode(), current_schema().encode(), hashlib.sha256
    ).hexdigest()


def check_signature(*, header: str, body: bytes, secret: str, now: dt.datetime) -> None:
    """
    Check who sent the body, and that it is fresh.

    :raises SignatureRefused: on any doubt
    """
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    try:
        sent_at = dt.datetime.fromtimestamp(int(parts.get("t", "")), tz=dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SignatureRefused("no time") from error
    if not secret or abs(now - sent_at) > TOLERANCE:
        raise SignatureRefused("too old")
    expected = hmac.new(
        secret.encode(), parts["t"].encode() + b"." + body, hashlib.sha256
    ).hexdigest()
    if not hmac.compare_digest(expected.encode(), parts.get("v1", "").encode()):
        raise SignatureRefused("wrong signature")


def read_message(body: bytes) -> CallMessage:
    """
    Parse a signed body.

    :raises MessageRefused: naming the field that is wrong
    """
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MessageRefused("body", "not JSON") from error
    if not isinstance(raw, dict):
        raise MessageRefused("body", "not an object")
    status = _STATUS.get(_text(raw, "type", 20, needed=True))
    if status is None:
        raise MessageRefused("type", "unknown")
    return CallMessage(
        message_id=_text(raw, "id", 64, needed=True),
        call_id=_text(raw, "call_id", 64, needed=True),
        status=status,
        at=_moment(raw, "at"),
        caller=_text(raw, "caller", 40),
        called=_text(raw, "called", 40),
        queue=_text(raw, "queue", 40),
        extension=_text(raw, "extension", 20),
    )


def _text(raw: dict[str, Any], name: str, limit: int, *, needed: bool = False) -> str:
    value = raw.get(name, "")
    if not isinstance(value, str) or len(value) > limit or "\x00" in value:
        raise MessageRefused(name, f"a text of at most {limit} characters")
    if needed and not value:
        raise MessageRefused(name, "missing")
    return value


def _moment(raw: dict[str, Any], name: str) -> dt.datetime:
    try:
        at = parse_datetime(_text(raw, name, 40, needed=True))
    except ValueError as error:
        raise MessageRefused(name, "not a moment") from error
    if at is None or at.tzinfo is None:
        raise MessageRefused(name, "not a moment with time zone")
    return at


def receive_call_message(*, message: CallMessage, body: bytes) -> Receipt:
    """Apply a message once; a repeated one changes nothing, one out of order neither."""
    return receive(
        source=SOURCE,
        message_id=message.message_id,
        payload_bytes=body,
        object_key=message.call_id,
        apply=lambda: _apply(message),
    )


@transaction.atomic
def _apply(message: CallMessage) -> None:
    call, created = Call.objects.select_for_update().get_or_create(
        call_id=message.call_id,
        defaults={
            "direction": Direction.INBOUND,
            "caller_number": _number(message.caller),
            "called_number": _number(message.called),
            "queue": message.queue,
            "extension": message.extension,
            "status": message.status,
            "rang_at": message.at,
            "answered_at": message.at if message.status == CallStatus.CONNECTED else None,
            "ended_at": message.at
            if message.status in {CallStatus.ENDED, CallStatus.MISSED}
            else None,
        },
    )
    if not created and message.status != CallStatus.RINGING:
        try:
            call.mark(message.status, message.at)
        except IllegalTransition:
            return
    for user_id in (
        User.objects.filter(telephone_extension=call.extension, is_active=True)
        .exclude(telephone_extension="")
        .values_list("pk", flat=True)
    ):
        ring(user_id)


def _number(raw: str) -> str:
    """Return E.164, or nothing for a withheld or unreadable number."""
    try:
        return normalise_phone(raw, current_profile().phone_region) if raw else ""
    except InvalidIdentifier:
        return ""
