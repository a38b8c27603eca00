"""What providers on higher floors tell of the messages to the ERP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from django.conf import settings
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from contracts.models import Contract
from utilcrm import clock
from utilcrm.web.workbench import JourneyStage, StageState

logger = structlog.get_logger(__name__)

_WORST: tuple[StageState, ...] = ("failed", "waiting", "current", "todo", "done")


@dataclass(frozen=True)
class Fact:
    """One message to the ERP, as a provider tells of it."""

    label: str
    state: StageState
    item_uuid: str = ""
    at: Any = None
    reason: str = ""
    owner: str = ""
    action_label: str = ""
    action_url: str = ""
    action_method: str = "get"
    since: dt.datetime | None = None
    next_at: dt.datetime | None = None

    @property
    def words(self) -> str:
        """The reason, since when, and when it is tried again."""
        parts = [self.reason]
        if self.since is not None:
            parts.append(_("Away since %(time)s.") % {"time": _time(self.since)})
        if self.state == "waiting" and self.next_at is not None:
            parts.append(_("Next attempt at %(time)s.") % {"time": _time(self.next_at)})
        return " ".join(part for part in parts if part)


def _time(moment: dt.datetime) -> str:
    local = localtime(moment)
    is_today = local.date() == clock.today()
    return date_format(local, "H:i" if is_today else "SHORT_DATETIME_FORMAT")


def facts_of(contract: Contract) -> list[Fact]:
    """Ask every provider; one that breaks is logged and left out."""
    found: list[Fact] = []
    for path in getattr(settings, "JOURNEY_PROVIDERS", []):
        try:
            told: Iterable[Mapping[str, Any]] = import_string(path)(contract)
            found += [_fact(one) for one in told]
        except Exception:
            # The strip shows what we know ourselves, whatever breaks above.
            logger.exception("journey_provider_failed", provider=path)
    return found


def _fact(told: Mapping[str, Any]) -> Fact:
    known = {name: told[name] for name in Fact.__dataclass_fields__ if told.get(name)}
    known["item_uuid"] = str(told.get("item_uuid") or "")
    return Fact(**known)


def sum_up(stage: JourneyStage, facts: list[Fact]) -> JourneyStage:
    """Take the state, reason and action of the fact that holds the stage up."""
    worst = min(facts, key=lambda fact: _WORST.index(fact.state))
    moments = [fact.at for fact in facts if fact.at]
    return replace(
        stage,
        state=worst.state,
        at=max(moments) if moments and worst.state == "done" else worst.at,
        reason=worst.words,
        owner=worst.owner or stage.owner,
        action_label=worst.action_label,
        action_url=worst.action_url,
        action_method="post" if worst.action_method == "post" else "get",
        details=tuple((fact.label, _WORDS[fact.state]()) for fact in facts),
    )


_WORDS = {
    "done": lambda: _("done"),
    "current": lambda: _("in progress"),
    "waiting": lambda: _("waiting"),
    "failed": lambda: _("refused"),
    "todo": lambda: _("to come"),
}
