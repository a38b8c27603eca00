"""States of a lane, of a message in it, and of one attempt to deliver it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LaneState(models.TextChoices):
    """Where a lane stands; only READY and overdue lanes are claimed by a worker."""

    IDLE = "IDLE", _("Nothing to do")
    READY = "READY", _("Due")
    LEASED = "LEASED", _("Being delivered")
    WAITING = "WAITING", _("Waiting for the confirmation")
    BLOCKED = "BLOCKED", _("Waiting for another message")
    PARKED = "PARKED", _("Needs a person")


class DeliveryState(models.TextChoices):
    """Where one message stands."""

    PENDING = "PENDING", _("Waiting")
    AWAITING = "AWAITING", _("Accepted, not yet confirmed")
    DONE = "DONE", _("Done")
    PARKED = "PARKED", _("Needs a person")
    CANCELLED = "CANCELLED", _("Cancelled")
    SUPERSEDED = "SUPERSEDED", _("Replaced by a new version")


DELIVERY_TRANSITIONS: dict[str, frozenset[str]] = {
    DeliveryState.PENDING: frozenset(
        {
            DeliveryState.AWAITING,
            DeliveryState.DONE,
            DeliveryState.PARKED,
            DeliveryState.CANCELLED,
            DeliveryState.SUPERSEDED,
        }
    ),
    DeliveryState.AWAITING: frozenset(
        {
            DeliveryState.PENDING,
            DeliveryState.DONE,
            DeliveryState.PARKED,
            DeliveryState.CANCELLED,
            DeliveryState.SUPERSEDED,
        }
    ),
    DeliveryState.PARKED: frozenset(
        {
            DeliveryState.PENDING,
            DeliveryState.DONE,
            DeliveryState.CANCELLED,
            DeliveryState.SUPERSEDED,
        }
    ),
    DeliveryState.DONE: frozenset(),
    DeliveryState.CANCELLED: frozenset(),
    DeliveryState.SUPERSEDED: frozenset(),
}


class AttemptWay(models.TextChoices):
    """How one attempt went about it."""

    DELIVER = "DELIVER", _("Sent")
    QUERY = "QUERY", _("Asked about")
    CONFIRM = "CONFIRM", _("Answer from there")


class AttemptOutcome(models.TextChoices):
    """What one attempt told us; the four error classes are the middle four."""

    DONE = "DONE", _("Done")
    AWAITING = "AWAITING", _("Accepted, confirmation follows")
    NOT_APPLIED = "NOT_APPLIED", _("Not reached")
    UNKNOWN = "UNKNOWN", _("Outcome unknown")
    REFUSED = "REFUSED", _("Refused")
    AGAIN = "AGAIN", _("Failed there, to be sent anew")
    NOT_FOUND = "NOT_FOUND", _("Not known there")


class CircuitState(models.TextChoices):
    """Whether a destination is called at all."""

    CLOSED = "CLOSED", _("Reachable")
    OPEN = "OPEN", _("Away")


class TroubleKind(models.TextChoices):
    """What can be wrong with a destination, or besides, so that somebody is told."""

    PARKED = "PARKED", _("Messages need a person")
    AWAY = "AWAY", _("The other side does not answer")
    FAILING = "FAILING", _("Messages fail again and again")
    UNKNOWN = "UNKNOWN", _("It is not known whether messages were carried out")
    LATE = "LATE", _("Half of the time allowed is used up")
    DEEP = "DEEP", _("Very many messages wait")
    SILENT = "SILENT", _("Nobody works on what is due")
    OVERDUE = "OVERDUE", _("It has not come")
    MISSING = "MISSING", _("Part of it has not come")
    DIFFERS = "DIFFERS", _("It is not what was announced")
    REJECTED = "REJECTED", _("Lines were rejected")


class InboxState(models.TextChoices):
    """What became of an inbound message."""

    APPLIED = "APPLIED", _("Applied")
    STALE = "STALE", _("Older than what we know")
