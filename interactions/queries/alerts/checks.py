"""What stands against the release of a rule."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from contracts.choices import ProcessKind
from interactions.choices import GuideScreen, ScriptStatus
from interactions.choices.alerts import AlertEvent, MeasureKind, Proposes
from interactions.models import AlertMeasure, AlertRule, Script
from interactions.queries.alerts.judging import PRODUCT, WrongType, wanted_value
from interactions.queries.guidance.texts import VARIABLES, variables_in
from utilcrm.facts import facts


def unknown_words(message: str) -> list[str]:
    """Return the names in braces that are neither a variable nor a fact."""
    known = VARIABLES.keys() | facts().keys() | {PRODUCT}
    return [name for name in variables_in(message) if name not in known]


def problems_of(rule: AlertRule) -> list[str]:
    """Return everything that stands against a release, in words."""
    return [*_of_words(rule), *_of_measures(rule), *_of_conditions(rule)]


def _of_words(rule: AlertRule) -> Iterator[str]:
    if not rule.message.strip():
        yield _("There is nothing to say: the message is empty.")
    for name in unknown_words(rule.message):
        yield _("{%(name)s} is no variable.") % {"name": name}
    if PRODUCT in variables_in(rule.message) and rule.product is None:
        yield _("{product} stands in the message, but no product is chosen.")
    if rule.proposes == Proposes.PRODUCT and rule.product is None:
        yield _("Choose the product that is proposed.")


def _of_measures(rule: AlertRule) -> Iterator[str]:
    measures = list(rule.measures.all())
    if not measures:
        yield _("There is no measure: say what the agent can do about it.")
    yield from filter(None, (_broken(one) for one in measures))


def _of_conditions(rule: AlertRule) -> Iterator[str]:
    for one in rule.conditions.all():
        fact = facts().get(one.fact)
        if fact is None:
            yield _("Nobody knows the fact “%(fact)s” any more.") % {"fact": one.fact}
            continue
        try:
            wanted_value(fact, one.operator, one.value)
        except WrongType as wrong:
            yield str(wrong)
        if one.fact == "premise_vacant" and rule.event != AlertEvent.PREMISE_CONFIRMED:
            yield (
                _("“%(fact)s” is known only once the premise is confirmed.") % {"fact": fact.label}
            )


def _broken(measure: AlertMeasure) -> str:
    what = measure.opens_what
    if measure.opens == MeasureKind.PROCESS and what not in ProcessKind.values:
        return _("“%(button)s” opens a process that there is not.") % {"button": measure.label}
    if measure.opens == MeasureKind.SCREEN and what not in GuideScreen.values:
        return _("“%(button)s” opens a screen that there is not.") % {"button": measure.label}
    if measure.opens == MeasureKind.SCRIPT:
        released = Script.objects.filter(code=what, status=ScriptStatus.RELEASED)
        if not released.exists():
            return _("“%(button)s” starts script %(code)s, which is not released.") % {
                "button": measure.label,
                "code": what,
            }
    return ""
