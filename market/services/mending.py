"""What people do about the register: claim again, take back, give a reason, send again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from market.choices import (
    UNANSWERED,
    Direction,
    EndReason,
    MessageKind,
    MessageStatus,
    PeriodStatus,
    TaskKind,
)
from market.models import RegisterMessage, SupplyPeriod
from market.services import wording
from market.services.planning import plan_point
from market.services.recording import tell_period
from market.services.tasking import settle_tasks
from market.services.telling import tell
from premises.models import PointOfDelivery
from utilcrm import clock


class NotPossible(Exception):
    """The period is not in a state for what was asked; the text says why."""


@transaction.atomic
def claim_again(*, period: SupplyPeriod, version: int | None, actor: User) -> SupplyPeriod:
    """
    Claim a supply again that the register has refused, or whose claim a person had taken back.

    :raises NotPossible: if neither is so
    :raises utilcrm.db.models.StaleVersion: if something has happened with it meanwhile
    """
    locked = _lock(period, version)
    if locked.is_held:
        locked.let_go()
    elif locked.is_rejected:
        for message in locked.messages.filter(kind=MessageKind.CLAIM, is_settled=False):
            message.settle()
        locked.mark_planned()
        settle_tasks(locked, TaskKind.CLAIM_REJECTED)
    else:
        raise NotPossible(_("The register has not refused this claim."))
    tell_period("claimed_again", locked, actor=actor)
    plan_point(locked.pod_id)
    return locked


@transaction.atomic
def take_back(
    *, period: SupplyPeriod, version: int | None, reason: str, actor: User
) -> SupplyPeriod:
    """
    Take a notification back that was wrong, although the contract says the same still.

    A claim before its day; an advance notice of an end. It is not told again by itself.

    :raises NotPossible: if there is nothing of ours to take back, or its day has come
    :raises utilcrm.db.models.StaleVersion: if something has happened with it meanwhile
    """
    locked = _lock(period, version)
    if locked.messages.filter(direction=Direction.OUT, status__in=UNANSWERED).exists():
        raise NotPossible(_("The register has not answered the last message yet."))
    if locked.status == PeriodStatus.ENDING:
        _take_notice_back(locked)
    elif locked.status == PeriodStatus.CONFIRMED and locked.starts_on > clock.today():
        _take_claim_back(locked, reason)
    elif locked.status == PeriodStatus.CONFIRMED:
        raise NotPossible(_("The supply has begun. End the contract instead."))
    else:
        raise NotPossible(_("There is nothing that could be taken back."))
    tell_period("taken_back", locked, actor=actor, text=reason)
    return locked


@transaction.atomic
def give_end_reason(
    *, period: SupplyPeriod, version: int | None, reason: str, actor: User
) -> SupplyPeriod:
    """
    Say why a supply ends, where the contract does not.

    :param reason: one of the eight of :class:`market.choices.EndReason`
    :raises NotPossible: if the end was told already
    :raises utilcrm.db.models.StaleVersion: if something has happened with it meanwhile
    """
    locked = _lock(period, version)
    if locked.status not in {PeriodStatus.CONFIRMED, PeriodStatus.CLAIMED}:
        raise NotPossible(_("The register has been told of the end already."))
    locked.give_reason(EndReason(reason).value)
    settle_tasks(locked, TaskKind.REASON_MISSING)
    tell_period("reason_given", locked, actor=actor, text=str(EndReason(reason).label))
    plan_point(locked.pod_id)
    return locked


@transaction.atomic
def send_again(*, message: RegisterMessage, actor: User) -> RegisterMessage:
    """
    Let something be told again that the register has refused, after what was wrong is mended.

    :raises NotPossible: if it was not refused, is about no supply of ours, or is not so any more
    """
    if message.period is None:
        raise NotPossible(_("The register has not refused this message."))
    period = _lock(message.period, None)
    locked = RegisterMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not locked.is_rejected or locked.is_settled:
        raise NotPossible(_("The register has not refused this message."))
    locked.settle()
    if locked.kind == MessageKind.CLAIM and period.is_rejected:
        claim_again(period=period, version=None, actor=actor)
        return locked
    tell_period("told_again", period, actor=actor, kind=locked.kind)
    plan_point(period.pod_id)
    if not period.messages.filter(direction=Direction.OUT, status__in=UNANSWERED).exists():
        raise NotPossible(
            _("There is nothing left to tell. To take a notification back, use “Take back”.")
        )
    return locked


def _take_claim_back(period: SupplyPeriod, reason: str) -> None:
    claim = _accepted(period, MessageKind.CLAIM)
    if claim is None or claim.delivery_uuid is None:
        raise NotPossible(_("The register knew this supply before us."))
    period.hold(reason)
    period.mark_withdrawing()
    tell(
        kind=MessageKind.WITHDRAWAL,
        pod=period.pod,
        message=wording.withdrawal(period, claim.delivery_uuid),
        effective_on=period.starts_on,
        period=period,
    )


def _take_notice_back(period: SupplyPeriod) -> None:
    notice = _accepted(period, MessageKind.NOTICE)
    if notice is None or notice.delivery_uuid is None or period.ends_on is None:
        raise NotPossible(_("There is nothing that could be taken back."))
    if period.ends_on <= clock.today():
        raise NotPossible(_("The day of the end has come."))
    notice.take_back()
    tell(
        kind=MessageKind.NOTICE_BACK,
        pod=period.pod,
        message=wording.notice_back(period, notice.delivery_uuid),
        effective_on=period.ends_on,
        period=period,
    )


def _accepted(period: SupplyPeriod, kind: MessageKind) -> RegisterMessage | None:
    rows = period.messages.filter(kind=kind, status=MessageStatus.ACCEPTED)
    return rows.order_by("-pk").first()


def _lock(period: SupplyPeriod, version: int | None) -> SupplyPeriod:
    # In the order in which planning locks: the point of delivery, then its periods.
    PointOfDelivery.objects.select_for_update(no_key=True).get(pk=period.pod_id)
    locked = (
        SupplyPeriod.objects.select_for_update(of=("self",))
        .select_related("account", "contract", "pod__premise__connection_object")
        .get(pk=period.pk)
    )
    locked.require_version(version)
    return locked
