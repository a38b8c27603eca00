"""Put a rule to use, take it out of use, make its next version."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.services.recording import record
from interactions.choices import ScriptStatus
from interactions.models import AlertCondition, AlertMeasure, AlertRule
from interactions.queries.alerts.checks import problems_of
from interactions.queries.alerts.sampling import Share, share_of
from interactions.services.alerts.editing import RULE_FIELDS, editable
from utilcrm import clock


class RuleHasProblems(Exception):
    """Something stands against the release; `problems` says what."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(_("The alert cannot be released yet."))
        self.problems = problems


class NotInUse(Exception):
    """The version is not the one that fires."""


class SecondPersonNeeded(Exception):
    """It would fire for nearly everybody; who has asked for it cannot release it as well."""


@transaction.atomic
def release_rule(*, rule: AlertRule, actor: Any, version: int | None) -> tuple[AlertRule, Share]:
    """
    Release a draft; the version before is retired in the same moment.

    A rule that would fire for nearly everybody is not released by one person: the first one asks,
    and the rule comes back as a draft with `asked_by`; another one releases the same version.

    :raises RuleNotEditable: unless it is a draft
    :raises StaleVersion: if it was changed since the person looked
    :raises RuleHasProblems: if a check fails
    :raises SecondPersonNeeded: if the same person asks twice
    """
    rule = editable(rule).require_version(version)
    problems = problems_of(rule)
    if problems:
        raise RuleHasProblems(problems)
    share = share_of(rule)
    if share.is_broad:
        if rule.asked_by_id is None:
            return _ask(rule, actor, share), share
        if rule.asked_by_id == actor.pk:
            raise SecondPersonNeeded(
                _("You have asked for the release. Somebody else has to look at it and release it.")
            )
    before = (
        AlertRule.objects.select_for_update(of=("self",))
        .filter(code=rule.code, status=ScriptStatus.RELEASED)
        .first()
    )
    if before is not None:
        before.mark_retired()
    rule.last_by = actor
    rule.mark_released(at=clock.now(), sampled=share.sampled, matched=share.matched)
    _tell("released", rule, actor, sampled=share.sampled, matched=share.matched)
    return rule, share


@transaction.atomic
def retire_rule(*, rule: AlertRule, actor: Any) -> AlertRule:
    """
    Take a rule out of use; what it has shown stays to be answered.

    :raises NotInUse: unless it is released
    """
    rule = AlertRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if not rule.is_released:
        raise NotInUse(_("This version is not in use."))
    rule.last_by = actor
    rule.mark_retired()
    _tell("retired", rule, actor)
    return rule


@transaction.atomic
def make_next_version(*, rule: AlertRule, actor: Any) -> AlertRule:
    """Return the draft of a rule's next version: the one that is there, or a copy of this one."""
    # All in one order, so that two people get the same draft, whichever version they began with.
    editions = list(
        AlertRule.objects.select_for_update(of=("self",)).filter(code=rule.code).order_by("edition")
    )
    draft = next((one for one in editions if one.is_draft), None)
    if draft is not None:
        return draft
    draft = AlertRule.objects.create(
        code=rule.code,
        edition=editions[-1].edition + 1,
        last_by=actor,
        **{name: getattr(rule, name) for name in RULE_FIELDS},
    )
    for one in rule.conditions.order_by("position"):
        AlertCondition.objects.create(
            rule=draft, position=one.position, fact=one.fact, operator=one.operator, value=one.value
        )
    for button in rule.measures.order_by("position"):
        AlertMeasure.objects.create(
            rule=draft,
            position=button.position,
            label=button.label,
            opens=button.opens,
            opens_what=button.opens_what,
        )
    _tell("created", draft, actor)
    return draft


@transaction.atomic
def discard_draft(*, rule: AlertRule, actor: Any, version: int | None) -> None:
    """
    Throw a draft away.

    :raises RuleNotEditable: unless it is a draft
    :raises StaleVersion: if somebody else saved it meanwhile
    """
    rule = editable(rule).require_version(version)
    _tell("discarded", rule, actor)
    rule.delete()


def _ask(rule: AlertRule, actor: Any, share: Share) -> AlertRule:
    rule.ask_release(by=actor, at=clock.now(), sampled=share.sampled, matched=share.matched)
    _tell("release_requested", rule, actor, sampled=share.sampled, matched=share.matched)
    return rule


def _tell(what: str, rule: AlertRule, actor: Any, **more: int) -> None:
    record(
        f"interactions.alert_rule.{what}",
        subject=rule,
        actor=actor,
        payload={"code": rule.code, "edition": rule.edition, **more},
    )
