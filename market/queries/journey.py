"""Where the register stands with a contract: one stage of its journey."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contracts.choices import ItemRole
from contracts.models import Contract
from market.choices import PeriodStatus
from market.models import SupplyPeriod
from market.queries import active_endpoint
from market.queries.reasons import remedy
from utilcrm import clock
from utilcrm.web.workbench import JourneyStage, StageState

_LOOKED_AT = 10
_STATES: dict[str, StageState] = {
    PeriodStatus.PLANNED: "waiting",
    PeriodStatus.CLAIMED: "current",
    PeriodStatus.REJECTED: "failed",
    PeriodStatus.LOST: "failed",
    PeriodStatus.WITHDRAWING: "current",
}


def stage_of(contract: Contract) -> JourneyStage | None:
    """Return the register's stage of a contract; None where the tenant tells no register of it."""
    period = latest_period(contract)
    if period is not None:
        return JourneyStage(
            key="regulator",
            label=_("Regulator"),
            state=_STATES.get(period.status, "done"),
            at=period.confirmed_at or period.created_at,
            owner=_("Market"),
            reason=_in_short(period),
            action_label=_("Look at the register"),
            action_url=reverse("market:period", args=[period.uuid]),
        )
    if contract.is_taken_over or active_endpoint() is None:
        return None
    return JourneyStage(
        key="regulator",
        label=_("Regulator"),
        state="todo",
        owner=_("Market"),
        reason=_("The supply is claimed at the register as soon as the ERP has set it up."),
    )


def latest_period(contract: Contract) -> SupplyPeriod | None:
    """
    Return the period of supply that a contract is in at the register.

    What was split out or joined goes on in the period of the contract before.
    """
    pods = contract.items.filter(role=ItemRole.SUPPLY).values("pod")
    rows = list(
        SupplyPeriod.objects.filter(pod__in=pods, account_id=contract.account_id).order_by(
            "-starts_on", "-pk"
        )[:_LOOKED_AT]
    )
    own = [one for one in rows if one.contract_id == contract.pk]
    return next(iter(own or rows), None)


def sentence(period: SupplyPeriod) -> str:
    """Return in one sentence where the register stands with a supply."""
    days = {
        "start": date_format(period.starts_on, "SHORT_DATE_FORMAT"),
        "end": date_format(period.ends_on, "SHORT_DATE_FORMAT") if period.ends_on else "–",
    }
    return _SENTENCES[period.status](period) % days


def can_be_taken_back(period: SupplyPeriod) -> bool:
    """Tell whether something that we have told could still be taken back: before its day."""
    today = clock.today()
    if period.status == PeriodStatus.ENDING:
        return period.ends_on is not None and period.ends_on > today
    return (
        period.status == PeriodStatus.CONFIRMED
        and not period.is_initial
        and period.starts_on > today
    )


def what_is_taken_back(period: SupplyPeriod) -> str:
    """Return in one sentence what the register would no longer be told of a supply."""
    if period.status == PeriodStatus.ENDING and period.ends_on is not None:
        text = _("The advance notice that the supply ends on %(day)s is taken back.")
        return text % {"day": date_format(period.ends_on, "SHORT_DATE_FORMAT")}
    text = _("The claim of the supply from %(day)s is taken back.")
    return text % {"day": date_format(period.starts_on, "SHORT_DATE_FORMAT")}


def _in_short(period: SupplyPeriod) -> str:
    """Return the sentence without advice, for a strip has little room."""
    return period.objections[0]["text"] if period.is_rejected else sentence(period)


def _rejected(period: SupplyPeriod) -> str:
    objection = period.objections[0]
    words = " ".join(part for part in (objection["text"], remedy(objection["code"])) if part)
    return words.replace("%", "%%")


_SENTENCES: dict[str, Callable[[SupplyPeriod], str]] = {
    PeriodStatus.PLANNED: lambda _period: _("The claim from %(start)s is about to be sent."),
    PeriodStatus.CLAIMED: lambda _period: _("Claimed from %(start)s; the register has to answer."),
    PeriodStatus.CONFIRMED: lambda _period: _("The register has us as supplier from %(start)s."),
    PeriodStatus.REJECTED: _rejected,
    PeriodStatus.WITHDRAWING: lambda _period: _("The claim from %(start)s is being taken back."),
    PeriodStatus.WITHDRAWN: lambda _period: _("The claim from %(start)s was taken back."),
    PeriodStatus.ENDING: lambda _period: _("The register knows that the supply ends on %(end)s."),
    PeriodStatus.ENDED: lambda _period: _("The register has our supply as ended on %(end)s."),
    PeriodStatus.LOST: lambda _period: _("Another supplier delivers from %(end)s."),
}
