"""Which alerts of a contact were answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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


def alerts_in(contact: Interaction, user: Any) -> QuerySet[Alert]:
    """
    Return the alerts of a contact in the order in which they were shown.

    It may have begun with a customer whom the reader may not see.
    """
    rows: QuerySet[Alert] = Alert.objects.visible_to(user).filter(interaction=contact)
    return rows.select_related("rule", "settled_by").order_by("pk")


def open_alerts(contact: Interaction, user: Any) -> list[Alert]:
    """Return what the agent has still to answer about the present customer, the gravest first."""
    rows = alerts_in(contact, user).filter(about(contact), status=AlertStatus.SHOWN)
    return by_gravity(rows.prefetch_related("rule__measures"))


def by_gravity(alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts with the gravest first and proposals last."""
    return sorted(
        alerts, key=lambda one: (one.rule.is_proposal, -GRAVITY[one.rule.severity], one.pk)
    )


GRAVITY: dict[str, int] = {Severity.INFO: 0, Severity.WARNING: 1, Severity.HIGH: 2}
