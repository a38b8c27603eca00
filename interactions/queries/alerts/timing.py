"""From which moment on the rules of a contact are looked at."""

from __future__ import annotations

import datetime as dt
import math

from events.models import Event
from interactions.choices import ScriptStatus
from interactions.choices.alerts import AlertEvent
from interactions.models import Alert, AlertRule, Interaction
from interactions.queries.alerts.answered import about
from utilcrm import clock

_CONFIRMED = {
    AlertEvent.ACCOUNT_CONFIRMED: "interactions.account.confirmed",
    AlertEvent.AGREEMENT_CONFIRMED: "interactions.agreement.confirmed",
    AlertEvent.PREMISE_CONFIRMED: "interactions.premise.confirmed",
}


def moments_of(contact: Interaction) -> dict[str, dt.datetime]:
    """
    Return when each event happened last.

    An agreement or premise that came along with its account was confirmed in that moment. A wrap-up
    has begun when the customer was gone.
    """
    told = Event.objects.filter(interaction_uuid=contact.uuid, name__in=_CONFIRMED.values())
    last = dict(told.order_by("pk").values_list("name", "occurred_at"))
    account = last.get(_CONFIRMED[AlertEvent.ACCOUNT_CONFIRMED], contact.started_at)
    moments = {event.value: last.get(name, account) for event, name in _CONFIRMED.items()}
    return {**moments, AlertEvent.WRAP_UP_BEGUN.value: contact.ended_at or clock.now()}


def due_rules(rules: list[AlertRule], contact: Interaction) -> list[AlertRule]:
    """Return the rules whose time has come."""
    if not any(rule.after_seconds for rule in rules):
        return rules
    moments, now = moments_of(contact), clock.now()
    return [
        rule
        for rule in rules
        if moments[rule.event] + dt.timedelta(seconds=rule.after_seconds) <= now
    ]


def look_again_after(contact: Interaction, events: list[str]) -> int | None:
    """Return in how many seconds the next rule's time comes; None if none is still to come."""
    late = AlertRule.objects.filter(
        status=ScriptStatus.RELEASED, event__in=events, after_seconds__gt=0
    ).values_list("code", "event", "after_seconds")
    if not late:
        return None
    fired = set(
        Alert.objects.filter(about(contact), interaction=contact).values_list("code", flat=True)
    )
    moments, now = moments_of(contact), clock.now()
    waits = [
        (moments[event] + dt.timedelta(seconds=seconds) - now).total_seconds()
        for code, event, seconds in late
        if code not in fired
    ]
    # Each is looked at once: what did not fire then waits for the page to be asked for anew.
    to_come = [wait for wait in waits if wait > 0]
    return math.ceil(min(to_come)) if to_come else None
