"""Discounts above the agent's own limit: ask for them, and decide."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from access.models import User
from access.queries import discount_limit
from events.services.recording import record
from quotations.choices import ApprovalStatus, QuotationStatus
from quotations.models import Approval, Quotation
from quotations.services.drafting import lock_draft, note_change
from utilcrm import clock


class ApprovalNotNeeded(Exception):
    """The agent may give the discount without asking anybody."""


class ApprovalMissing(Exception):
    """The discount is above the agent's limit, and nobody has granted it."""


class DiscountReasonMissing(Exception):
    """Nobody can decide on a discount without knowing what it is for."""


class MayNotDecide(Exception):
    """The decider asked for the discount, or may not give as much."""


class AlreadyDecided(Exception):
    """Somebody else has decided, or the request was withdrawn."""


def highest_discount(quotation: Quotation) -> Decimal:
    """Return the highest discount among the items, in per cent."""
    highest: Decimal | None = quotation.items.aggregate(highest=Max("discount_percent"))["highest"]
    return highest or Decimal(0)


def approval_is_needed(quotation: Quotation, actor: User) -> bool:
    """Tell whether the discount is above what the actor may give and what was granted."""
    highest = highest_discount(quotation)
    if highest <= discount_limit(actor):
        return False
    return not quotation.approvals.filter(
        status=ApprovalStatus.GRANTED, percent__gte=highest
    ).exists()


@transaction.atomic
def request_approval(*, quotation_id: int, actor: User, version: int | None = None) -> Approval:
    """
    Hold the draft and ask for its discount.

    :raises ApprovalNotNeeded: if the actor may give it, or it was granted already
    :raises DiscountReasonMissing: if nothing says what the discount is for
    :raises NotADraft: if it is not a draft
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation = lock_draft(quotation_id, version=version)
    if not approval_is_needed(quotation, actor):
        raise ApprovalNotNeeded(_("This discount needs nobody's approval."))
    if not quotation.discount_reason:
        raise DiscountReasonMissing(_("Say what the discount is for."))
    approval = Approval.objects.create(
        quotation=quotation,
        requested_by=actor,
        percent=highest_discount(quotation),
        limit=discount_limit(actor),
    )
    quotation.mark_awaiting_approval()
    record(
        "quotations.quotation.approval_requested",
        subject=quotation,
        payload={"approval_uuid": str(approval.uuid), "percent": str(approval.percent)},
        actor=actor,
        account_uuid=quotation.account.uuid,
    )
    return approval


@transaction.atomic
def decide_approval(*, approval_id: int, actor: User, granted: bool, reason: str = "") -> Approval:
    """
    Grant or refuse a discount, and give the draft back to the agent.

    :raises MayNotDecide: if the actor asked for it, or may not give as much
    :raises AlreadyDecided: if it waits for nobody's decision any more
    """
    quotation_id = Approval.objects.values_list("quotation_id", flat=True).get(pk=approval_id)
    # Every operation locks the quotation first, so that no two wait for each other.
    quotation = (
        Quotation.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(pk=quotation_id)
    )
    approval = Approval.objects.select_for_update().get(pk=approval_id)
    if approval.status != ApprovalStatus.PENDING:
        raise AlreadyDecided(
            _("This request is settled: %(status)s.") % {"status": approval.get_status_display()}
        )
    if approval.requested_by_id == actor.pk:
        raise MayNotDecide(_("Somebody else has to decide on your own request."))
    if granted and discount_limit(actor) < approval.percent:
        raise MayNotDecide(
            _("%(percent)s %% is above your own limit of %(limit)s %%.")
            % {"percent": f"{approval.percent.normalize():f}", "limit": discount_limit(actor)}
        )
    approval.mark_decided(
        granted=granted, decided_by_id=actor.pk, decided_at=clock.now(), reason=reason.strip()
    )
    quotation.mark_draft_again()
    record(
        "quotations.quotation.approval_decided",
        subject=quotation,
        payload={
            "approval_uuid": str(approval.uuid),
            "granted": granted,
            "percent": str(approval.percent),
            "reason": approval.reason,
            "requested_by_id": approval.requested_by_id,
        },
        actor=actor,
        account_uuid=quotation.account.uuid,
    )
    return approval


@transaction.atomic
def withdraw_request(*, quotation_id: int, actor: User) -> Quotation:
    """
    Take back a request that nobody has decided on, so that the draft can be changed.

    :raises AlreadyDecided: if it waits for nobody's decision any more
    """
    quotation = (
        Quotation.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(pk=quotation_id)
    )
    if quotation.status != QuotationStatus.AWAITING_APPROVAL:
        raise AlreadyDecided(_("The quotation waits for no approval."))
    for approval in quotation.approvals.filter(status=ApprovalStatus.PENDING):
        approval.mark_withdrawn()
    quotation.mark_draft_again()
    note_change(quotation, actor)
    record(
        "quotations.quotation.approval_withdrawn",
        subject=quotation,
        actor=actor,
        account_uuid=quotation.account.uuid,
    )
    return quotation


def withdraw_grants(quotation: Quotation) -> None:
    """Let granted discounts fall because the offer they were granted for has changed."""
    for approval in quotation.approvals.filter(status=ApprovalStatus.GRANTED):
        approval.mark_withdrawn()
