"""What happened with a customer, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.models import Event
from events.queries import describe_alterations

TITLES: dict[str, tuple[str | Promise, str]] = {
    "accounts.account.created": (_("Account created"), "account"),
    "accounts.account.changed": (_("Account changed"), "edit"),
    "accounts.account.erp_number_received": (_("The ERP gave the account its number"), "delivery"),
    "accounts.agreement.created": (_("Business agreement created"), "agreement"),
    "accounts.agreement.changed": (_("Business agreement changed"), "agreement"),
    "accounts.agreement.erp_number_received": (
        _("The ERP gave the business agreement its number"),
        "delivery",
    ),
    "accounts.account.altered_in_erp": (_("Account changed by the ERP"), "delivery"),
    "accounts.account.added_in_erp": (_("Account made by the ERP"), "delivery"),
    "accounts.account.removed_in_erp": (_("Account deleted in the ERP"), "delivery"),
    "accounts.agreement.altered_in_erp": (_("Agreement changed by the ERP"), "delivery"),
    "accounts.agreement.added_in_erp": (_("Agreement made by the ERP"), "delivery"),
    "accounts.agreement.removed_in_erp": (_("Agreement deleted in the ERP"), "delivery"),
    "contracts.item.altered_in_erp": (_("Contract changed by the ERP"), "delivery"),
    "contracts.item.added_in_erp": (_("Contract made by the ERP"), "delivery"),
    "contracts.item.removed_in_erp": (_("Contract deleted in the ERP"), "delivery"),
    "devices.device.altered_in_erp": (_("Meter changed by the ERP"), "delivery"),
    "devices.device.added_in_erp": (_("Meter installed by the ERP"), "delivery"),
    "devices.device.removed_in_erp": (_("Meter deleted in the ERP"), "delivery"),
    "billing_sync.conflict.opened": (_("The ERP has another value"), "warning"),
    "billing_sync.conflict.settled": (_("Conflict with the ERP settled"), "done"),
    "premises.connection_object.created": (_("Building created"), "building"),
    "premises.premise.created": (_("Premise created"), "premise"),
    "premises.point_of_delivery.created": (_("Point of delivery created"), "premise"),
    "devices.device_info_record.created": (_("Meter recorded"), "premise"),
    "devices.order.drafted": (_("Device change begun"), "edit"),
    "devices.order.released": (_("Device change ordered"), "delivery"),
    "devices.order.cancelled": (_("Device change given up"), "close"),
    "devices.order.confirmed": (_("The ERP has made the device change"), "done"),
    "devices.order.rejected": (_("The ERP refused the device change"), "danger"),
    "devices.device.replaced": (_("Meter replaced"), "electricity"),
    "billing_sync.start_reading.left": (
        _("The reading at the start is odd: enter it again"),
        "warning",
    ),
    "devices.reading.reported": (_("Meter readings given"), "desk"),
    "devices.reading.corrected": (_("Meter readings corrected"), "edit"),
    "devices.reading.withdrawn": (_("Meter readings taken back"), "close"),
    "devices.reading.confirmed": (_("The ERP took the readings up"), "delivery"),
    "devices.reading.refused": (_("The ERP refused the readings"), "danger"),
    "billing_sync.budget.requested": (_("Another instalment asked for"), "bill"),
    "billing_sync.budget.confirmed": (_("The ERP changed the instalment"), "delivery"),
    "billing_sync.budget.refused": (_("The ERP refused the instalment"), "danger"),
    "billing_sync.arrangement.requested": (_("Deferral or instalments asked for"), "bill"),
    "billing_sync.arrangement.confirmed": (_("The ERP moved what is due"), "delivery"),
    "billing_sync.arrangement.refused": (_("The ERP refused to move what is due"), "danger"),
    "billing_sync.payment.requested": (_("Payment by direct debit asked for"), "bill"),
    "billing_sync.payment.confirmed": (_("The ERP debits what is open"), "delivery"),
    "billing_sync.payment.refused": (_("The ERP refused the payment"), "danger"),
    "billing_sync.invoice.opened": (_("Invoice opened"), "bill"),
    "interactions.interaction.opened": (_("Contact begun"), "call"),
    "interactions.interaction.ended": (_("Contact ended"), "call-end"),
    "interactions.interaction.handed_over": (_("Contact handed over"), "user"),
    "interactions.interaction.closed": (_("Contact wrapped up"), "wrap-up"),
    "interactions.interaction.timed_out": (_("Contact closed by the timer"), "wrap-up"),
    "interactions.interaction.cleared": (_("Contact cleared"), "close"),
    "interactions.account.confirmed": (_("Account confirmed"), "verified"),
    "interactions.agreement.confirmed": (_("Business agreement confirmed"), "agreement"),
    "interactions.premise.confirmed": (_("Premise confirmed"), "premise"),
    "interactions.caller.verified": (_("Caller verified"), "verified"),
    "interactions.caller.not_verified": (_("Caller not verified"), "unverified"),
    "interactions.interaction.completed_late": (_("Contact wrapped up later"), "wrap-up"),
    "interactions.interaction.amended": (_("Notes of a contact changed"), "edit"),
    "interactions.alert.acted_on": (_("Alert acted on"), "alert"),
    "interactions.alert.dismissed": (_("Alert put aside"), "alert"),
    "interactions.satisfaction.asked": (_("Customer asked how the contact was"), "email"),
    "interactions.satisfaction.answered": (_("Customer said how the contact was"), "chat"),
    "accounts.attribute.noted": (_("Noted of the customer"), "note"),
    "interactions.script_run.started": (_("Script begun"), "numbered-list"),
    "interactions.script_run.taken_up": (_("Script gone on with"), "numbered-list"),
    "interactions.script_run.finished": (_("Script finished"), "done"),
    "interactions.script_run.broken_off": (_("Script broken off"), "close"),
    "interactions.script_run.discarded": (_("Answers to a script discarded"), "close"),
    "quotations.quotation.opened": (_("Quotation begun"), "quotation"),
    "quotations.quotation.sent": (_("Quotation sent"), "quotation"),
    "quotations.quotation.accepted": (_("Quotation accepted"), "success"),
    "quotations.quotation.rejected": (_("Quotation rejected"), "close"),
    "quotations.quotation.expired": (_("Quotation expired"), "waiting"),
    "quotations.quotation.approval_requested": (_("Approval of a discount asked for"), "waiting"),
    "quotations.quotation.approval_withdrawn": (_("Approval no longer asked for"), "close"),
    "quotations.quotation.approval_decided": (_("Discount decided"), "done"),
    "contracts.contract.created": (_("Contract made"), "contract"),
    "contracts.contract.amended": (_("Contract changed before signature"), "edit"),
    "contracts.contract.withdrawn": (_("Contract withdrawn"), "close"),
    "contracts.contract.signed": (_("Contract signed"), "signature"),
    "contracts.contract.completed": (_("Contract completed by the ERP"), "success"),
    "contracts.signature.requested": (_("Signature asked for"), "signature"),
    "contracts.signature.opened": (_("The customer opened the signature link"), "signature"),
    "contracts.signature.sent": (_("Signature link sent"), "email"),
    "contracts.signature.resent": (_("Signature link sent again"), "email"),
    "contracts.signature.withdrawn": (_("Signature link taken back"), "close"),
    "contracts.signature.expired": (_("The signature link expired"), "waiting"),
    "contracts.signature.reminded": (_("The customer was reminded to sign"), "email"),
    "contracts.letter.issued": (_("Welcome letter made"), "letter"),
    "contracts.item.queued": (_("Contract waits for the ERP"), "waiting"),
    "contracts.item.sent": (_("Contract sent to the ERP"), "delivery"),
    "contracts.item.accepted": (_("The ERP accepted the contract"), "delivery"),
    "contracts.item.completed": (_("The ERP completed the contract"), "success"),
    "contracts.item.rejected": (_("The ERP rejected the contract"), "danger"),
    "contracts.item.ended": (_("Contract ended"), "close"),
    "contracts.process.started": (_("Process begun"), "edit"),
    "contracts.process.released": (_("Process released"), "delivery"),
    "contracts.process.confirmed": (_("Process confirmed by the ERP"), "success"),
    "contracts.process.rejected": (_("Process refused by the ERP"), "danger"),
    "contracts.process.cancelled": (_("Process given up"), "close"),
    "contracts.process.approval_requested": (_("Approval of a price asked for"), "waiting"),
    "contracts.process.approval_decided": (_("Price decided"), "done"),
    "market.period.confirmed": (_("Register confirmed the supply"), "success"),
    "market.period.rejected": (_("Register rejected the claim"), "danger"),
    "market.period.withdrawn": (_("Claim at the register taken back"), "close"),
    "market.period.ending": (_("Register told of the end"), "delivery"),
    "market.period.kept": (_("End at the register taken back"), "retry"),
    "market.period.ended": (_("Register has the supply as ended"), "close"),
    "market.period.lost": (_("Supply lost to another supplier"), "danger"),
    "market.period.claimed_again": (_("Supply claimed again"), "retry"),
    "market.period.taken_back": (_("Notification to the register taken back"), "close"),
    "market.point.cut": (_("Point of delivery cut off"), "danger"),
    "market.point.restored": (_("Point of delivery connected again"), "success"),
    "market.disconnection.planned": (_("Disconnection planned"), "dunning"),
    "market.disconnection.cancelled": (_("Disconnection cancelled"), "close"),
    "market.disconnection.ordered": (_("Disconnection ordered"), "dunning"),
    "market.disconnection.cut": (_("Disconnected for non-payment"), "danger"),
    "market.disconnection.restoring": (_("Reconnection ordered"), "delivery"),
    "market.disconnection.restored": (_("Connected again"), "success"),
    "service.case.opened": (_("Case opened"), "chat"),
    "service.case.acknowledged": (_("Receipt for a case sent"), "letter"),
    "service.case.waiting": (_("Customer asked about a case"), "waiting"),
    "service.case.resumed": (_("Customer has answered about a case"), "chat"),
    "service.case.escalated": (_("Case passed up"), "warning"),
    "service.case.answered": (_("Case answered"), "letter"),
    "service.case.closed": (_("Case closed"), "done"),
    "service.case.reopened": (_("Case reopened"), "retry"),
    "service.case.deadlocked": (_("Deadlock letter sent"), "dunning"),
    "service.letter.blocked": (_("A letter about a case lacks something"), "danger"),
    "service.compensation.proposed": (_("Compensation proposed"), "balance"),
    "service.compensation.decided": (_("Compensation decided"), "balance"),
    "service.promise.made": (_("Promised"), "verified"),
    "service.promise.kept": (_("Promise kept"), "success"),
    "service.promise.broken": (_("Promise broken"), "danger"),
    "service.promise.withdrawn": (_("Promise taken back"), "close"),
    "accounts.account.protected": (_("Protected from disconnection"), "verified"),
    "accounts.account.protection_ended": (_("Protection from disconnection ended"), "close"),
    "migration_import.account.imported": (_("Imported from another system"), "upload"),
    "migration_import.contract.imported": (
        _("Contract imported from another system"),
        "upload",
    ),
    "correspondence.message.sent": (_("E-mail sent"), "email"),
    "correspondence.invoice.sent": (_("Invoice sent by e-mail"), "email"),
    "correspondence.message.refused": (_("E-mail refused"), "danger"),
    "correspondence.message.bounced": (_("E-mail came back"), "danger"),
    "conversations.message.received": (_("The customer wrote"), "email"),
    "conversations.message.linked": (_("The customer wrote"), "email"),
    "conversations.message.bounced": (_("Answer came back"), "danger"),
    "conversations.conversation.taken": (_("Conversation taken up"), "chat"),
    "conversations.conversation.answered": (_("Answer written"), "edit"),
    "conversations.conversation.finished": (_("Conversation done"), "done"),
    "conversations.conversation.put_back": (_("Conversation put back"), "retry"),
    "conversations.conversation.reopened": (_("Conversation opened again"), "retry"),
    "conversations.conversation.passed_on": (_("Conversation passed on"), "retry"),
    "conversations.chat.left": (_("The customer left the chat"), "chat"),
    "conversations.chat.fell_silent": (_("Chat ended in silence"), "chat"),
    "conversations.attachment.refused": (_("Attachment with a virus refused"), "danger"),
    "correspondence.document.made": (_("Document made"), "document"),
    "correspondence.document.failed": (_("Document could not be made"), "danger"),
    "correspondence.document.uploaded": (_("Document uploaded"), "upload"),
}
"""Names that are missing here are housekeeping and are not shown."""

TELLS_CHANGES = ("_in_erp", "conflict.settled")
"""Endings of names whose events say field by field what was altered."""

DANGER = frozenset(
    {
        "contracts.item.rejected",
        "contracts.process.rejected",
        "market.period.rejected",
        "market.period.lost",
        "market.disconnection.cut",
        "billing_sync.budget.refused",
        "billing_sync.arrangement.refused",
        "billing_sync.payment.refused",
        "service.letter.blocked",
        "service.promise.broken",
        "devices.reading.refused",
        "correspondence.document.failed",
        "correspondence.message.refused",
        "correspondence.message.bounced",
        "conversations.message.bounced",
        "conversations.attachment.refused",
    }
)


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    at: dt.datetime
    title: str | Promise
    icon: str
    text: str
    actor: str
    tone: str
    url: str = ""


def title_of(name: str) -> str | Promise:
    """Return an event's name in words."""
    return TITLES[name][0] if name in TITLES else name


def entry_of(event: Event) -> Entry:
    """Return an event whose name is among the titles as a line."""
    title, icon = TITLES[event.name]
    return Entry(
        at=event.occurred_at,
        title=title,
        icon=icon,
        text=_text(event),
        actor=event.actor_label,
        tone="danger" if event.name in DANGER else "",
    )


def _text(event: Event) -> str:
    """Return what it is about, and what was altered as far as the event says."""
    if "changes" not in event.payload or not event.name.endswith(TELLS_CHANGES):
        return event.subject_label
    return " · ".join(filter(None, [event.subject_label, describe_alterations(event.payload)]))
