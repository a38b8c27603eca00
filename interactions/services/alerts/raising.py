"""Raise what fires in a contact, each thing once."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from access.choices import Role
from interactions.choices import InteractionStatus, ScriptStatus
from interactions.choices.alerts import AlertEvent
from interactions.models import Alert, AlertRule, Interaction
from interactions.queries.alerts.answered import about, by_gravity
from interactions.queries.alerts.judging import Verdict, judge, situation_of
from interactions.queries.alerts.timing import due_rules
from interactions.queries.guidance.texts import values_for
from utilcrm import clock


def raise_alerts(*, contact: Interaction, agent: Any, wraps_up: bool = False) -> list[Alert]:
    """
    Raise what fires now, and return everything of this contact that the agent has not answered.

    The gravest come first, proposals last. Two windows that ask at once raise each alert once. Only
    rules that have not fired here are judged, and without any no fact is read. `wraps_up`: the
    agent has begun the wrap-up although the customer is still there.
    """
    fired = list(
        Alert.objects.filter(interaction=contact)
        .select_related("rule")
        .prefetch_related("rule__measures")
    )
    here = [one for one in fired if one.account_id == contact.account_id]
    rules = [
        rule
        for rule in _rules_for(agent, events_of(contact, wraps_up))
        if rule.code not in {one.code for one in here}
    ]
    rules = due_rules(rules, contact)
    if rules:
        verdicts = judge(rules, situation_of(contact), values_for(contact, agent))
        here += _keep([one for one in verdicts if one.fires], contact, agent)
    return by_gravity(one for one in here if one.is_open)


def events_of(contact: Interaction, wraps_up: bool = False) -> list[str]:
    """Return what has happened in a contact so far, of what rules wait for."""
    happened = {
        AlertEvent.ACCOUNT_CONFIRMED: contact.account_id is not None,
        AlertEvent.AGREEMENT_CONFIRMED: contact.agreement_id is not None,
        AlertEvent.PREMISE_CONFIRMED: contact.premise_id is not None,
        AlertEvent.WRAP_UP_BEGUN: (wraps_up or contact.status == InteractionStatus.WRAP_UP)
        and contact.account_id is not None,
    }
    return [event for event, has_happened in happened.items() if has_happened]


def _rules_for(agent: Any, events: list[str]) -> list[AlertRule]:
    if not events:
        return []
    rules = list(
        AlertRule.objects.filter(status=ScriptStatus.RELEASED, event__in=events)
        .select_related("product")
        .prefetch_related("conditions", "measures")
        .order_by("pk")
    )
    if not any(rule.roles for rule in rules):
        return rules
    roles = set(agent.groups.values_list("name", flat=True)) & set(Role.values)
    return [rule for rule in rules if not rule.roles or roles & set(rule.roles)]


@transaction.atomic
def _keep(verdicts: list[Verdict], contact: Interaction, agent: Any) -> list[Alert]:
    if not verdicts:
        return []
    now = clock.now()
    Alert.objects.bulk_create(
        [
            Alert(
                interaction=contact,
                rule=one.rule,
                code=one.rule.code,
                account_id=contact.account_id,
                message=one.message,
                found=[
                    {"fact": line.fact.key, "label": line.label, "found": line.found}
                    for line in one.lines
                    if line.fact is not None
                ],
                shown_to=agent,
                shown_at=now,
            )
            for one in verdicts
        ],
        ignore_conflicts=True,
    )
    codes = [one.rule.code for one in verdicts]
    return list(
        Alert.objects.filter(about(contact), interaction=contact, code__in=codes)
        .select_related("rule")
        .prefetch_related("rule__measures")
    )
