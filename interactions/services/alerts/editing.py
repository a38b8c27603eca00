"""Build a rule of an alert: its event, conditions, words and measures, while it is a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.choices import Role
from events.services.recording import record
from interactions.choices import ScriptStatus
from interactions.choices.alerts import AlertEvent, AlertKind, MeasureKind, Severity
from interactions.models import AlertCondition, AlertMeasure, AlertRule
from interactions.queries.alerts.judging import WrongType, wanted_value
from products.models import Product
from utilcrm.facts import FactKind, facts


class RuleNotEditable(Exception):
    """The version was released: it stays as it is."""


class CodeTaken(Exception):
    """Another rule has this code."""


class ConditionRefused(ValueError):
    """A condition cannot be meant; `row` counts from 1, `field` is fact, operator or value."""

    def __init__(self, row: int, field: str, text: str) -> None:
        super().__init__(text)
        self.row, self.part = row, field


@dataclass(frozen=True)
class ConditionInput:
    """A condition as it was typed."""

    fact: str
    operator: str
    value: str


@dataclass(frozen=True)
class MeasureInput:
    """A button as it was typed."""

    label: str
    opens: str = MeasureKind.DONE
    opens_what: str = ""


@dataclass(frozen=True)
class RuleInput:
    """A rule as an administrator types it; a draft may lack conditions, words and measures."""

    title: str
    kind: str = AlertKind.ALERT
    event: str = AlertEvent.ACCOUNT_CONFIRMED
    after_seconds: int | None = 0
    roles: Sequence[str] = ()
    severity: str = Severity.INFO
    message: str = ""
    proposes: str = ""
    product: Product | None = None
    conditions: Sequence[ConditionInput] = ()
    measures: Sequence[MeasureInput] = ()


RULE_FIELDS = (
    "title", "kind", "event", "after_seconds", "roles", "severity", "message", "proposes",
    "product",
)  # fmt: skip


@transaction.atomic
def create_rule(*, actor: Any, code: str, facts_: RuleInput) -> AlertRule:
    """
    Begin the first version of a rule.

    :raises CodeTaken: if there is a rule of that code
    :raises ConditionRefused: if a condition does not fit its fact
    """
    if AlertRule.objects.filter(code=code).exists():
        raise CodeTaken(_("There is an alert with this code already."))
    rule = AlertRule(code=code, last_by=actor)
    _fill(rule, facts_)
    rule, is_new = AlertRule.objects.get_or_create(
        code=code,
        edition=1,
        defaults={"last_by": actor, **{name: getattr(rule, name) for name in RULE_FIELDS}},
    )
    if not is_new:
        raise CodeTaken(_("There is an alert with this code already."))
    _put_parts(rule, facts_)
    record("interactions.alert_rule.created", subject=rule, actor=actor, payload={"code": code})
    return rule


@transaction.atomic
def change_rule(
    *, rule: AlertRule, actor: Any, version: int | None, facts_: RuleInput
) -> AlertRule:
    """
    Change a draft as a whole. Who had asked for its release has to ask anew.

    :raises RuleNotEditable: once it is released
    :raises StaleVersion: if somebody else saved it meanwhile
    :raises ConditionRefused: if a condition does not fit its fact
    """
    rule = editable(rule).require_version(version)
    _fill(rule, facts_)
    rule.last_by = actor
    rule.forget_asking()
    rule.save_changes(*RULE_FIELDS, "last_by", "asked_by", "asked_at", "sampled", "matched")
    _put_parts(rule, facts_)
    return rule


def editable(rule: AlertRule) -> AlertRule:
    """
    Lock and return a draft.

    :raises RuleNotEditable: if it is none, or was thrown away
    """
    locked = AlertRule.objects.select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if locked is None or locked.status != ScriptStatus.DRAFT:
        raise RuleNotEditable(
            _("This version has been released and stays as it is. Make a new version of it.")
        )
    return locked


def _fill(rule: AlertRule, given: RuleInput) -> None:
    for name in RULE_FIELDS:
        setattr(rule, name, getattr(given, name))
    rule.after_seconds = given.after_seconds or 0
    rule.roles = [role for role in Role.values if role in given.roles]
    if given.kind != AlertKind.PROPOSAL:
        rule.proposes, rule.product = "", None


def _put_parts(rule: AlertRule, given: RuleInput) -> None:
    conditions = [
        _condition(rule, row, typed) for row, typed in enumerate(given.conditions, start=1)
    ]
    rule.conditions.all().delete()
    AlertCondition.objects.bulk_create(conditions)
    rule.measures.all().delete()
    AlertMeasure.objects.bulk_create(
        AlertMeasure(
            rule=rule, position=row, label=one.label, opens=one.opens, opens_what=one.opens_what
        )
        for row, one in enumerate(given.measures, start=1)
    )


def _condition(rule: AlertRule, row: int, typed: ConditionInput) -> AlertCondition:
    fact = facts().get(typed.fact)
    if fact is None:
        raise ConditionRefused(row, "fact", _("Nobody knows this fact."))
    try:
        wanted = wanted_value(fact, typed.operator, typed.value)
    except WrongType as wrong:
        raise ConditionRefused(row, wrong.field, str(wrong)) from wrong
    is_word = fact.kind in {FactKind.YES_NO, FactKind.CHOICE}
    # Numbers are kept in one way of writing, whatever the language in which they were typed.
    value = typed.value if is_word else f"{wanted:f}"
    return AlertCondition(
        rule=rule, position=row, fact=typed.fact, operator=typed.operator, value=value
    )
