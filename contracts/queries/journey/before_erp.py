"""The stages before the ERP: order, signature, our own preparation."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from contracts.choices import ContractSource, ItemStatus, SignatureStatus
from contracts.models import Contract, ContractItem, SignatureRequest
from correspondence.choices import MessageStatus
from correspondence.models import Message
from utilcrm.web.workbench import JourneyStage


def order(contract: Contract) -> JourneyStage:
    """Return the stage of the accepted quotation."""
    quotation = contract.quotation
    return JourneyStage(
        key="order",
        label=_("Order"),
        state="done",
        at=quotation.closed_at if quotation else contract.created_at,
        owner=_("Sales"),
        details=((_("Quotation"), quotation.number),) if quotation else (),
    )


def signature(contract: Contract) -> JourneyStage:
    """Return the stage of the customer's signature."""
    request = contract.signature_request
    stage = JourneyStage(key="signature", label=_("Signature"), state="todo", owner=_("Customer"))
    if request is None:
        return stage
    if request.is_signed:
        return replace(
            stage, state="done", at=request.signed_at, details=((_("By"), request.signer_name),)
        )
    if request.status in {SignatureStatus.EXPIRED, SignatureStatus.WITHDRAWN}:
        return replace(
            stage,
            state="failed" if contract.is_open_for_change else "todo",
            reason=_("The link has expired.")
            if request.status == SignatureStatus.EXPIRED
            else _("The link was taken back."),
            action_label=_("Send a new link") if contract.is_open_for_change else "",
            action_url=_url("contracts:request_again", contract)
            if contract.is_open_for_change
            else "",
        )
    return _unsigned(stage, contract, request)


def _unsigned(stage: JourneyStage, contract: Contract, request: SignatureRequest) -> JourneyStage:
    document = request.document
    until = date_format(localtime(request.expires_at), "SHORT_DATE_FORMAT")
    if document.is_failed:
        return replace(
            stage,
            state="failed",
            owner=_("Back office"),
            reason=_("The contract document could not be made: %(why)s")
            % {"why": document.failure},
        )
    if request.status == SignatureStatus.CREATED:
        refused = Message.objects.filter(
            subject_uuid=request.uuid, status=MessageStatus.FAILED
        ).first()
        if refused is not None:
            return replace(
                stage,
                state="failed",
                owner=_("Agent"),
                reason=_("The mail to %(to)s was refused: %(why)s")
                % {"to": refused.to, "why": refused.failure},
                action_label=_("Correct the address"),
                action_url=_url("contracts:resend_link", contract),
            )
        reason = (
            _("The link is being mailed to %(to)s.") % {"to": request.sent_to}
            if document.is_ready
            else _("The document is being made and sealed.")
        )
        return replace(stage, state="current", owner=_("UtilCRM"), reason=reason)
    opened = request.status == SignatureStatus.OPENED
    return replace(
        stage,
        state="waiting",
        at=request.opened_at if opened else request.sent_at,
        reason=(
            _("Opened by the customer, not signed yet. Valid until %(day)s.")
            if opened
            else _("Sent to %(to)s, not opened yet. Valid until %(day)s.")
        )
        % {"to": request.sent_to, "day": until},
        action_label=_("Send the link again"),
        action_url=_url("contracts:resend_link", contract),
        details=((_("Reminders"), str(request.reminders_sent)),) if request.reminders_sent else (),
    )


def crm(contract: Contract, items: list[ContractItem]) -> JourneyStage:
    """Return the stage in which we prepare what the ERP needs."""
    stage = JourneyStage(key="crm", label=_("CRM"), state="todo", owner=_("UtilCRM"))
    if contract.source == ContractSource.ERP:
        return replace(stage, state="done", reason=_("Taken over from the ERP."))
    if contract.source == ContractSource.IMPORT:
        return replace(stage, state="done", reason=_("Taken over from another system."))
    if not contract.is_signed:
        return stage
    if any(item.status == ItemStatus.BLOCKED for item in items):
        return replace(stage, state="current", reason=_("Being prepared for the ERP."))
    return replace(stage, state="done", at=contract.signed_at)


def _url(name: str, contract: Contract) -> str:
    return reverse(name, args=[contract.uuid])
