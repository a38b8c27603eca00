"""What an agent makes of an alert: act on it, or put it aside."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.services.recording import record
from interactions.choices import ScriptStatus
from interactions.choices.alerts import MeasureKind
from interactions.models import Alert, AlertMeasure, Script
from interactions.services.contacts import live_interaction
from interactions.services.guidance.running import start_script
from utilcrm import clock, context

LONGEST_REASON = 200


class AlertAnswered(Exception):
    """It was answered already: in another window, or by a double click."""


class ReasonNeeded(Exception):
    """A grave alert is put aside with a reason only."""


@transaction.atomic
def act_on_alert(*, alert: Alert, measure: AlertMeasure, agent: Any) -> Alert:
    """
    Note that the agent does something about it; a script begins in the same moment.

    :raises ContactEnded: if the contact is not the agent's live one
    :raises AlertAnswered: if it was answered already
    :raises interactions.services.guidance.running.ScriptNotReleased: if its script is out of use
    """
    contact = live_interaction(alert.interaction.uuid, agent=agent)
    alert = _open(alert)
    if measure.opens == MeasureKind.SCRIPT:
        script = Script.objects.filter(
            code=measure.opens_what, status=ScriptStatus.RELEASED
        ).first() or Script.objects.filter(code=measure.opens_what).latest("edition")
        start_script(script=script, interaction=contact, user=agent)
    alert.mark_acted(by=agent, at=clock.now(), measure=measure.label)
    _tell("acted_on", alert, agent, measure=measure.label)
    return alert


@transaction.atomic
def dismiss_alert(*, alert: Alert, reason: str, agent: Any) -> Alert:
    """
    Put it aside.

    :raises ContactEnded: if the contact is not the agent's live one
    :raises AlertAnswered: if it was answered already
    :raises ReasonNeeded: if it is grave and no reason is given
    """
    live_interaction(alert.interaction.uuid, agent=agent)
    alert = _open(alert)
    if alert.rule.needs_reason and not reason.strip():
        raise ReasonNeeded(_("Say why: this alert is grave."))
    alert.mark_dismissed(by=agent, at=clock.now(), reason=reason.strip()[:LONGEST_REASON])
    _tell("dismissed", alert, agent, reason=alert.reason)
    return alert


def _open(alert: Alert) -> Alert:
    locked = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("rule", "interaction", "account")
        .filter(pk=alert.pk)
        .first()
    )
    if locked is None or not locked.is_open:
        raise AlertAnswered(_("This was answered already."))
    return locked


def _tell(what: str, alert: Alert, agent: Any, **more: str) -> None:
    with context.acting(interaction_uuid=alert.interaction.uuid):
        record(
            f"interactions.alert.{what}",
            subject=alert,
            actor=agent,
            payload={"code": alert.code, "edition": alert.rule.edition, **more},
        )
