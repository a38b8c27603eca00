"""Rules of alerts as the tests need them, built by the services that administrators use."""

from __future__ import annotations

from typing import Any

from interactions.models import AlertRule
from interactions.services.alerts.editing import (
    ConditionInput,
    MeasureInput,
    RuleInput,
    create_rule,
)
from interactions.services.alerts.releasing import release_rule


def draft(
    actor: Any, *conditions: tuple[str, str, str], code: str = "RULE", **facts: Any
) -> AlertRule:
    """A draft with these conditions and one button."""
    facts.setdefault("title", "Look here")
    facts.setdefault("message", "Something about {customer_name}")
    facts.setdefault("measures", [MeasureInput("Seen to")])
    given = RuleInput(conditions=[ConditionInput(*one) for one in conditions], **facts)
    return create_rule(actor=actor, code=code, facts_=given)


def released(
    actor: Any, *conditions: tuple[str, str, str], second: Any = None, **facts: Any
) -> AlertRule:
    """A rule in use; a broad one needs a second person."""
    rule = draft(actor, *conditions, **facts)
    rule, _share = release_rule(rule=rule, actor=actor, version=None)
    if not rule.is_released:
        rule, _share = release_rule(rule=rule, actor=second, version=None)
    return rule
