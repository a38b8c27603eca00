"""Discounts above the agent's own limit in a price change: ask for them, and decide."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from access.queries import discount_limit
from contracts.choices import ProcessKind
from contracts.models import ContractProcess, PriceApproval
from contracts.services.processes.locking import lock_draft
from contracts.services.processes.price_change import approval_is_missing
from contracts.services.processes.telling import tell
from quotations.choices import ApprovalStatus
from utilcrm import clock


class ApprovalRefused(Exception):
    """Nobody need or can decide; the text says why."""


def wanted_discount(process: ContractProcess) -> Decimal | None:
    """Return the discount that was typed into a price change; None if there is none."""
    if process.kind != ProcessKind.PRICE_CHANGE:
        return None
    typed = process.data.get("price", {}).get("discount_percent") or [""]
    try:
        return Decimal(str(typed[-1]).replace(",", "."))
    except ArithmeticError:
        return None


@transaction.atomic
def ask_for_approval(*, process: ContractProcess, why: str, actor: User) -> PriceApproval:
    """
    Ask for the discount of a price change; it stays a draft meanwhile.

    :raises ApprovalRefused: if it needs nobody's word, or was asked for already
    """
    locked = lock_draft(process)
    percent = wanted_discount(locked)
    if percent is None or not approval_is_missing(locked, percent):
        raise ApprovalRefused(_("This discount needs nobody's approval."))
    if PriceApproval.objects.filter(process=locked, status=ApprovalStatus.PENDING).exists():
        raise ApprovalRefused(_("It was asked for already; nobody has decided yet."))
    approval = PriceApproval.objects.create(
        process=locked,
        requested_by=actor,
        percent=percent,
        limit=discount_limit(actor),
        why=why[:255],
    )
    tell("approval_requested", locked, actor=actor, percent=str(percent))
    return approval


@transaction.atomic
def decide(*, approval: PriceApproval, granted: bool, reason: str, actor: User) -> PriceApproval:
    """
    Grant or refuse a discount.

    :raises ApprovalRefused: if it is decided, one's own, or above the decider's own limit
    """
    locked = PriceApproval.objects.select_for_update().get(pk=approval.pk)
    if not locked.is_pending:
        raise ApprovalRefused(
            _("This request is settled: %(status)s.") % {"status": locked.get_status_display()}
        )
    if locked.requested_by_id == actor.pk:
        raise ApprovalRefused(_("Somebody else has to decide on your own request."))
    limit = discount_limit(actor)
    if granted and limit < locked.percent:
        raise ApprovalRefused(
            _("%(percent)s %% is above your own limit of %(limit)s %%.")
            % {"percent": f"{locked.percent.normalize():f}", "limit": limit}
        )
    locked.mark_decided(
        granted=granted, decided_by_id=actor.pk, decided_at=clock.now(), reason=reason
    )
    tell("approval_decided", locked.process, actor=actor, granted=granted, reason=reason)
    return locked
