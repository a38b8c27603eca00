"""Messages as the back office looks at them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from events.choices import DeliveryState
from events.models import Delivery, Lane, PastMessage
from events.queries.deliveries import with_lane

_MOST_OF_THE_PAST = 50
_HIDDEN = frozenset({"iban", "account_number", "password", "secret", "token"})


def customers_seen_by(user: Any) -> QuerySet[Any]:
    """Return the customers that the user may see; they live above this app."""
    seen: QuerySet[Any] = import_string(settings.CUSTOMERS_PROVIDER)(user)
    return seen


def messages_seen_by(user: Any, *, replaced: bool = False) -> QuerySet[Delivery]:
    """
    Return messages about customers that the user may see, and about nobody in particular.

    Those that a new version has replaced are left out unless they are asked for.
    """
    visible = customers_seen_by(user).filter(uuid=OuterRef("account_uuid"))
    messages = Delivery.objects.filter(Q(account_uuid__isnull=True) | Exists(visible))
    if not replaced:
        messages = messages.exclude(state=DeliveryState.SUPERSEDED)
    return with_lane(messages)


def narrow(
    messages: QuerySet[Delivery],
    *,
    states: list[DeliveryState],
    destination: str = "",
    older_than: dt.timedelta | None = None,
    reason: str = "",
) -> QuerySet[Delivery]:
    """Keep the messages that fit; ``reason`` is looked for in what the other side said."""
    messages = messages.filter(state__in=states)
    if destination:
        messages = messages.filter(destination=destination)
    if older_than:
        messages = messages.filter(created_at__lt=timezone.now() - older_than)
    if reason:
        messages = messages.filter(
            Q(refusal_text__icontains=reason)
            | Q(refusal_code__iexact=reason)
            | Q(lane_error__icontains=reason)
        )
    return messages


def of_whom(messages: QuerySet[Delivery], text: str, user: Any) -> QuerySet[Delivery]:
    """Keep the messages about the customer of a number, or the one of an id."""
    text = text.strip()
    try:
        return messages.filter(uuid=uuid.UUID(text))
    except ValueError:
        known = customers_seen_by(user).filter(number=text).values("uuid")
        return messages.filter(account_uuid__in=known)


def past_of(text: str, user: Any) -> list[PastMessage]:
    """Return what is long done about the customer of a number, or the one message of an id."""
    text = text.strip()
    visible = customers_seen_by(user)
    try:
        found = PastMessage.objects.filter(uuid=uuid.UUID(text))
    except ValueError:
        found = PastMessage.objects.filter(
            account_uuid__in=visible.filter(number=text).values("uuid")
        )
    seen = Exists(visible.filter(uuid=OuterRef("account_uuid")))
    rows = found.filter(Q(account_uuid__isnull=True) | seen).order_by("-month", "-created_at")
    return list(rows[:_MOST_OF_THE_PAST])


def count_behind(message: Delivery) -> int:
    """Return how many messages of the lane wait behind this one."""
    return Delivery.objects.filter(
        destination=message.destination,
        ordering_key=message.ordering_key,
        seq__gt=message.seq,
        state__in=[DeliveryState.PENDING, DeliveryState.AWAITING, DeliveryState.PARKED],
    ).count()


def waits_for(message: Delivery) -> Delivery | None:
    """Return the message that has to be done before this one can go, if there is one."""
    if message.state != DeliveryState.PENDING:
        return None
    ahead = _head(message.destination, message.ordering_key)
    if ahead is not None and ahead.seq < message.seq:
        return ahead
    for destination, key, seq in message.requires:
        head = _head(destination, key)
        if head is not None and head.seq <= seq:
            return head
    return None


def readable(payload: Any, *, name: str = "") -> Any:
    """Return a payload as it may be shown: bank details and secrets by their last characters."""
    if isinstance(payload, dict):
        return {key: readable(value, name=key) for key, value in payload.items()}
    if isinstance(payload, list):
        return [readable(value, name=name) for value in payload]
    if name.lower() in _HIDDEN and payload:
        return f"…{str(payload)[-4:]}"
    return payload


def _head(destination: str, ordering_key: str) -> Delivery | None:
    lane = Lane.objects.filter(destination=destination, ordering_key=ordering_key).first()
    if lane is None or lane.done_seq >= lane.last_seq:
        return None
    return (
        Delivery.objects.filter(
            destination=destination, ordering_key=ordering_key, seq=lane.done_seq + 1
        )
        .exclude(state=DeliveryState.SUPERSEDED)
        .first()
    )
