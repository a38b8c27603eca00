"""The customer's answer: yes or no."""

from __future__ import annotations

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from access.models import User
from events.services.recording import record
from quotations.choices import ApprovalStatus, Channel, QuotationStatus, RejectReason
from quotations.models import Quotation
from quotations.services.pricing import items_of
from quotations.services.sending import send_quotation, summary_of
from utilcrm import clock
from utilcrm.states import IllegalTransition


class QuotationExpired(Exception):
    """The binding period is over; the utility need not stand by the offer any more."""


class QuotationNotAcceptable(Exception):
    """The quotation is not on offer: rejected, accepted already, or waiting for approval."""


class QuotationNotRejectable(Exception):
    """The quotation has been answered already, or has run out."""


class RejectReasonMissing(Exception):
    """A rejection without a reason teaches nobody anything; `field` names what is missing."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def accept_quotation(
    *, quotation_id: int, actor: User | None, version: int | None = None
) -> Quotation:
    """
    Note that the customer takes the offer. Whoever calls this makes the contract in the same
    transaction.

    A draft is made binding first, on the phone, under the same checks as sending it. The prices
    are those that were copied; nothing is priced anew.

    :raises QuotationExpired: if the binding period is over, whether or not the nightly run has
        noticed yet
    :raises QuotationNotAcceptable: if it is not on offer
    :raises QuotationIncomplete, ApprovalMissing, PricesChanged, StartDateOutOfRange,
        BindingPeriodOutOfRange: if a draft must not bind the utility yet
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation = _lock(quotation_id)
    quotation.require_version(version)
    if quotation.status == QuotationStatus.DRAFT and actor is not None:
        quotation = send_quotation(quotation_id=quotation.pk, actor=actor, channel=Channel.PHONE)
    now = clock.now()
    if quotation.status == QuotationStatus.EXPIRED or (
        quotation.status == QuotationStatus.SENT and not quotation.is_binding(now)
    ):
        raise QuotationExpired(_expired_text(quotation))
    try:
        quotation.mark_accepted(accepted_at=now)
    except IllegalTransition as exc:
        raise QuotationNotAcceptable(
            _("Quotation %(number)s cannot be accepted: %(status)s.")
            % {"number": quotation.number, "status": quotation.get_status_display()}
        ) from exc
    record(
        "quotations.quotation.accepted",
        subject=quotation,
        payload=summary_of(quotation, items_of(quotation)),
        actor=actor,
        account_uuid=quotation.account.uuid,
    )
    return quotation


@transaction.atomic
def reject_quotation(
    *,
    quotation_id: int,
    actor: User | None,
    reason: str,
    note: str = "",
    version: int | None = None,
) -> Quotation:
    """
    Note that the customer does not take the offer, and why.

    :raises RejectReasonMissing: without a reason; for "other" without a note
    :raises QuotationNotRejectable: if it has been answered or has run out
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    if reason not in RejectReason.values:
        raise RejectReasonMissing(_("Why does the customer not take the offer?"), "reason")
    if reason == RejectReason.OTHER and not note.strip():
        raise RejectReasonMissing(_("Say what the reason is."), "note")
    quotation = _lock(quotation_id)
    quotation.require_version(version)
    try:
        quotation.mark_rejected(rejected_at=clock.now(), reason=reason, note=note.strip())
    except IllegalTransition as exc:
        raise QuotationNotRejectable(
            _("Quotation %(number)s cannot be rejected: %(status)s.")
            % {"number": quotation.number, "status": quotation.get_status_display()}
        ) from exc
    for approval in quotation.approvals.filter(status=ApprovalStatus.PENDING):
        approval.mark_withdrawn()
    record(
        "quotations.quotation.rejected",
        subject=quotation,
        payload={"number": quotation.number, "reason": reason, "note": quotation.reject_note},
        actor=actor,
        account_uuid=quotation.account.uuid,
    )
    return quotation


def _lock(quotation_id: int) -> Quotation:
    return (
        Quotation.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(pk=quotation_id)
    )


def _expired_text(quotation: Quotation) -> str:
    if quotation.binding_until is None:
        return _("Quotation %(number)s has expired.") % {"number": quotation.number}
    return _(
        "Quotation %(number)s was binding until %(moment)s. Quote again to offer today's prices."
    ) % {
        "number": quotation.number,
        "moment": date_format(localtime(quotation.binding_until), "DATETIME_FORMAT"),
    }
