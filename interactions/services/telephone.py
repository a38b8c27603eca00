"""
What the telephone system tells: a call rings, is answered, held, passed on, ends.

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

from events.services.inbox import Receipt, receive
from interactions.choices import Direction
from interactions.choices.work import CallEventKind
from interactions.models import Call
from interactions.services.calls import follow_call
from interactions.services.retelling import add_event
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.db.tenancy import current_schema
from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.phones import normalise_phone

TOLERANCE = dt.timedelta(seconds=300)
SOURCE = "telephone"

AHEAD = dt.timedelta(minutes=5)
"""How far the telephone system's clock may be ahead of ours."""

_KINDS = {f"call.{kind.lower()}": kind for kind in CallEventKind.values}
_HIGHEST = 2**31 - 1


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
    kind: str
    sequence: int | None
    at: dt.datetime
    caller: str
    called: str
    queue: str
    campaign: str
    extension: str
    direction: str


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
    kind = _KINDS.get(_text(raw, "type", 20, needed=True))
    if kind is None:
        raise MessageRefused("type", "unknown")
    return CallMessage(
        message_id=_text(raw, "id", 64, needed=True),
        call_id=_text(raw, "call_id", 64, needed=True),
        kind=kind,
        sequence=_sequence(raw),
        at=_moment(raw, "at"),
        caller=_text(raw, "caller", 40),
        called=_text(raw, "called", 40),
        queue=_text(raw, "queue", 40),
        campaign=_text(raw, "campaign", 40),
        extension=_text(raw, "extension", 20),
        direction=_direction(raw),
    )


def _sequence(raw: dict[str, Any]) -> int | None:
    value = raw.get("sequence")
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= _HIGHEST:
        raise MessageRefused("sequence", "a whole number, or nothing")
    return value


def _direction(raw: dict[str, Any]) -> str:
    value = _text(raw, "direction", 8) or "inbound"
    if value.upper() not in Direction.values:
        raise MessageRefused("direction", "inbound or outbound")
    return value.upper()


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
    if at > clock.now() + AHEAD:
        raise MessageRefused(name, "in the future")
    return at


def receive_call_message(*, message: CallMessage, body: bytes) -> Receipt:
    """Apply a message once; a repeated one changes nothing, one out of order finds its place."""
    return receive(
        source=SOURCE,
        message_id=message.message_id,
        payload_bytes=body,
        object_key=message.call_id,
        apply=lambda: _apply(message),
    )


@transaction.atomic
def _apply(message: CallMessage) -> None:
    call, _created = Call.objects.select_for_update(of=("self",)).get_or_create(
        call_id=message.call_id,
        defaults={
            "direction": message.direction,
            "caller_number": _number(message.caller),
            "called_number": _number(message.called),
            "campaign": message.campaign,
            "rang_at": message.at,
        },
    )
    _fill_in(call, message)
    before = call.extension
    add_event(
        call=call,
        kind=message.kind,
        at=message.at,
        sequence=message.sequence,
        extension=message.extension,
        queue=message.queue,
    )
    is_transfer = message.kind == CallEventKind.TRANSFERRED
    follow_call(call=call, came_from=before, passed_on_to=message.queue if is_transfer else None)


def _fill_in(call: Call, message: CallMessage) -> None:
    """Take over what the messages that came before did not say, be it out of their order."""
    known = {
        "caller_number": call.caller_number or _number(message.caller),
        "called_number": call.called_number or _number(message.called),
        "campaign": call.campaign or message.campaign,
    }
    if message.direction == Direction.OUTBOUND:
        known["direction"] = Direction.OUTBOUND
    if any(getattr(call, name) != value for name, value in known.items()):
        call.name_parties(**known)


def _number(raw: str) -> str:
    """Return E.164, or nothing for a withheld or unreadable number."""
    try:
        return normalise_phone(raw, current_profile().phone_region) if raw else ""
    except InvalidIdentifier:
        return ""
