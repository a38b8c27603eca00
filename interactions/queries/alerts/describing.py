"""A rule in words."""

from __future__ import annotations

from dataclasses import dataclass

from access.choices import Role
from interactions.choices.alerts import MeasureKind, Operator
from interactions.models import AlertMeasure, AlertRule
from interactions.queries.alerts.judging import shown_wanted
from interactions.queries.guidance.addresses import label_of
from utilcrm.facts import facts


@dataclass(frozen=True)
class Clause:
    """One condition in words."""

    label: str
    operator: str
    wanted: str
    is_of_erp: bool = False


def described(rule: AlertRule) -> list[Clause]:
    """Return a rule's conditions in words, in their order."""
    clauses = []
    for one in sorted(rule.conditions.all(), key=lambda row: row.position):
        fact = facts().get(one.fact)
        if fact is None:
            clauses.append(Clause(one.fact, "?", one.value))
            continue
        operator = str(Operator(one.operator).label)
        wanted = shown_wanted(fact, one)
        clauses.append(Clause(str(fact.label), operator, wanted, fact.is_of_erp))
    return clauses


def role_labels(rule: AlertRule) -> list[str]:
    """Return whom a rule is for; empty is everybody."""
    return [str(Role(role).label) for role in rule.roles if role in Role.values]


def opens_of(measure: AlertMeasure) -> str:
    """Return what a button opens, in words; a script by its code, empty if nothing."""
    if measure.opens == MeasureKind.DONE:
        return ""
    return measure.opens_what if measure.opens == MeasureKind.SCRIPT else label_of(measure)
