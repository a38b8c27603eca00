"""Which alerts of a contact were answered."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from interactions.choices.alerts import AlertStatus, Severity
from interactions.models import Alert, Interaction


def about(contact: Interaction) -> Q:
    """Return the condition for alerts about the customer that the contact has confirmed now."""
    if contact.account_id is None:
        return Q(account__isnull=True)
    return Q(account_id=contact.account_id)


def unanswered_grave(contact: Interaction) -> Alert | None:
    """Return a grave alert about the present customer that nobody has answered, if there is one."""
    return next(
        (
            one
            for one in Alert.objects.filter(
                about(contact), interaction=contact, status=AlertStatus.SHOWN
            ).select_related("rule")
            if one.rule.needs_reason
        ),
        None,
    )


def alerts_in(contact: Interaction) -> QuerySet[Alert]:
    """Return every alert of a contact, for its record, in the order in which they were shown."""
    rows: QuerySet[Alert] = Alert.objects.filter(interaction=contact)
    return rows.select_related("rule", "settled_by").order_by("pk")


def open_alerts(contact: Interaction) -> list[Alert]:
    """Return what the agent has still to answer about the present customer, the gravest first."""
    rows = alerts_in(contact).filter(about(contact), status=AlertStatus.SHOWN)
    return by_gravity(rows.prefetch_related("rule__measures"))


def by_gravity(alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts with the gravest first and proposals last."""
    return sorted(
        alerts, key=lambda one: (one.rule.is_proposal, -GRAVITY[one.rule.severity], one.pk)
    )


GRAVITY: dict[str, int] = {Severity.INFO: 0, Severity.WARNING: 1, Severity.HIGH: 2}
