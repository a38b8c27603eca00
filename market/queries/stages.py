"""A period of supply as a strip of stages: claimed, confirmed, end announced, ended."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from market.choices import PeriodStatus
from market.models import SupplyPeriod
from utilcrm.web.workbench import JourneyStage, StageState

_CLAIM: dict[str, StageState] = {
    PeriodStatus.PLANNED: "waiting",
    PeriodStatus.CLAIMED: "current",
    PeriodStatus.REJECTED: "failed",
}
_NEVER = (PeriodStatus.PLANNED, PeriodStatus.CLAIMED, PeriodStatus.REJECTED)


def stages_of(period: SupplyPeriod) -> list[JourneyStage]:
    """Return how far the register has come with a period."""
    status = period.status
    stages = [
        JourneyStage(
            "claim",
            _("Known before") if period.is_initial else _("Claimed"),
            _CLAIM.get(status, "done"),
            at=period.created_at,
        )
    ]
    if status in {PeriodStatus.WITHDRAWING, PeriodStatus.WITHDRAWN}:
        state: StageState = "done" if status == PeriodStatus.WITHDRAWN else "current"
        return [*stages, JourneyStage("withdrawn", _("Taken back"), state, at=period.closed_at)]
    stages.append(
        JourneyStage(
            "confirmed",
            _("Supply confirmed"),
            "todo" if status in _NEVER else "done",
            at=period.confirmed_at,
            reason=_from(period),
        )
    )
    if status == PeriodStatus.LOST:
        lost = _("Lost to another supplier")
        return [
            *stages,
            JourneyStage("lost", lost, "failed", at=period.closed_at, reason=_to(period)),
        ]
    is_told = status in {PeriodStatus.ENDING, PeriodStatus.ENDED}
    return [
        *stages,
        JourneyStage(
            "ending", _("End announced"), "done" if is_told else "todo", reason=_to(period)
        ),
        JourneyStage(
            "ended",
            _("Supply ended"),
            "done" if status == PeriodStatus.ENDED else "todo",
            at=period.closed_at,
        ),
    ]


def _from(period: SupplyPeriod) -> str:
    return _("from %(day)s") % {"day": date_format(period.starts_on, "SHORT_DATE_FORMAT")}


def _to(period: SupplyPeriod) -> str:
    if period.ends_on is None:
        return ""
    day = date_format(period.ends_on, "SHORT_DATE_FORMAT")
    return _("first day without supply: %(day)s") % {"day": day}
