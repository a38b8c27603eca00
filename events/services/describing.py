"""What a message is about, in the words of the wire that carries it."""

from __future__ import annotations

from typing import Any

import structlog
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from events.models import Delivery
from events.queries.timeline import for_subject
from events.services.claiming import envelope_of
from events.services.handling import About
from events.services.routing import UnknownDestination, destination_named

_ACTS: dict[str, Any] = {
    "events.delivery.retried": _("Sent again"),
    "events.delivery.mended": _("Corrected"),
    "events.delivery.cancelled": _("Cancelled"),
}

logger = structlog.stdlib.get_logger(__name__)


def about(message: Delivery) -> About:
    """Return what a message is about; its kind alone, if its wire is gone or cannot tell."""
    try:
        handler = destination_named(message.destination).make_handler()
        return handler.about(envelope_of(message))
    except (LookupError, ValueError, NoReverseMatch) as error:
        logger.warning("message_not_described", message=str(message.uuid), error=str(error))
        return About(message.kind)


def advice(message: Delivery) -> str:
    """Return what a person can do about a message that stopped."""
    try:
        handler = destination_named(message.destination).make_handler()
    except UnknownDestination:
        return str(_("Nobody carries such messages any more. It can only be cancelled."))
    return handler.advice(envelope_of(message), message.refusal_code)


def acts_on(message: Delivery) -> list[Any]:
    """Return what people did with a message, newest first; each says in words what it was."""
    acts = for_subject(message)
    for act in acts:
        act.did = _ACTS.get(act.name, act.name)  # type: ignore[attr-defined]
    return list(acts)


def destination_label(name: str) -> str:
    """Return what people call a destination."""
    try:
        return str(destination_named(name).label or name)
    except UnknownDestination:
        return name
