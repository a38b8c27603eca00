"""Bind the utility to an offer, and bring it to the customer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from access.models import User
from correspondence.choices import DocumentKind, MessagePurpose
from correspondence.services.documents import Customer, Template, request_document
from correspondence.services.mailing import send_message
from events.services.recording import record
from quotations.choices import Channel
from quotations.models import Quotation, QuotationItem
from quotations.queries.printing import pdf_context
from quotations.services.approving import ApprovalMissing, approval_is_needed
from quotations.services.conditions import check_binding_end, check_start_date
from quotations.services.drafting import lock_draft
from quotations.services.grid_usage import missing_of_grid_usage, missing_roles
from quotations.services.pricing import PricesChanged, items_of, price_changes
from utilcrm import clock

PDF_TEMPLATE = Template(name="quotations/pdf/quotation", version=2)
MAIL_TEMPLATE = "quotations/mail/quotation"


class QuotationIncomplete(Exception):
    """Something is not filled in; `missing` names it in words."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(_("Still missing: %(what)s.") % {"what": ", ".join(missing)})
        self.missing = tuple(missing)


class RecipientMissing(Exception):
    """The offer is to go by e-mail, and there is no address."""


@transaction.atomic
def send_quotation(
    *,
    quotation_id: int,
    actor: User,
    channel: str = Channel.EMAIL,
    recipient: str = "",
    version: int | None = None,
) -> Quotation:
    """
    Make the draft binding; by e-mail also write the letter with the PDF, which a worker makes.

    :raises QuotationIncomplete: if something is not filled in
    :raises RecipientMissing: if it is to go by e-mail and there is no address
    :raises ApprovalMissing: if the discount is above the actor's limit and was not granted
    :raises PricesChanged: if the price list has moved on; nothing was changed
    :raises StartDateOutOfRange: if a start of supply has come to lie too far in the past
    :raises BindingPeriodOutOfRange: if the binding period is over before it began
    :raises NotADraft: if it is not a draft
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation = lock_draft(quotation_id, version=version)
    if channel == Channel.EMAIL and not recipient:
        raise RecipientMissing(_("To which e-mail address?"))
    items = items_of(quotation)
    check_ready(quotation, items, actor)
    quotation.changed_by = actor
    quotation.save(update_fields=["changed_by"])
    bind(quotation, channel=channel, recipient=recipient)
    _make_pdf(quotation, items)
    if channel == Channel.EMAIL:
        _write_letter(quotation)
    record(
        "quotations.quotation.sent",
        subject=quotation,
        payload=summary_of(quotation, items),
        actor=actor,
        account_uuid=quotation.account.uuid,
    )
    return quotation


def missing_facts(quotation: Quotation, items: Sequence[QuotationItem]) -> list[str]:
    """Return in words what keeps the draft from being sent."""
    missing = []
    if not items:
        missing.append(_("a point of delivery"))
    for item in items:
        if item.is_grid_usage:
            missing += missing_of_grid_usage(item)
            continue
        place = item.get_division_display()
        if item.expected_annual_kwh is None:
            missing.append(_("expected consumption (%(division)s)") % {"division": place})
        if item.product_id is None or item.term_months is None:
            missing.append(_("product and term (%(division)s)") % {"division": place})
        if item.start_date is None:
            missing.append(_("start of supply (%(division)s)") % {"division": place})
    missing += missing_roles(items)
    if quotation.binding_until is None:
        missing.append(_("binding period"))
    missing.extend(_("an entry to correct") for _section in quotation.pending_input)
    return missing


def check_ready(quotation: Quotation, items: Sequence[QuotationItem], actor: User) -> None:
    """
    Refuse an offer that must not bind the utility yet.

    :raises QuotationIncomplete, ApprovalMissing, PricesChanged, StartDateOutOfRange,
        BindingPeriodOutOfRange: as `send_quotation` says
    """
    missing = missing_facts(quotation, items)
    if missing or quotation.binding_until is None:
        raise QuotationIncomplete(missing)
    check_binding_end(quotation.binding_until)
    for item in items:
        if item.start_date is not None:
            check_start_date(item.start_date, item.uuid)
    if approval_is_needed(quotation, actor):
        raise ApprovalMissing(_("The discount is above your limit and needs an approval."))
    changes = price_changes(items)
    if changes:
        raise PricesChanged(changes)


def bind(quotation: Quotation, *, channel: str, recipient: str) -> None:
    """Let the binding period begin; the caller has checked that nothing is missing."""
    if quotation.binding_until is None:
        raise QuotationIncomplete([_("binding period")])
    quotation.mark_sent(
        sent_at=clock.now(),
        binding_until=quotation.binding_until,
        channel=channel,
        sent_to=recipient,
    )


def summary_of(quotation: Quotation, items: Sequence[QuotationItem]) -> dict[str, object]:
    """Return what an event tells about the offer."""
    binding_until = quotation.binding_until
    return {
        "number": quotation.number,
        "channel": quotation.channel,
        "sent_to": quotation.sent_to,
        "binding_until": binding_until.isoformat() if binding_until else None,
        "items": [
            {
                "position": item.position,
                "division": item.division,
                "role": item.role,
                "product": item.offer.code if item.offer else None,
                "term_months": item.term_months,
                "start_date": item.start_date.isoformat() if item.start_date else None,
                "expected_annual_kwh": item.expected_annual_kwh,
                "discount_percent": str(item.discount_percent),
            }
            for item in items
        ],
    }


def customer_of(quotation: Quotation) -> Customer:
    """Return whose correspondence the offer is."""
    return Customer(account_uuid=quotation.account.uuid, segment=quotation.account.segment)


def _make_pdf(quotation: Quotation, items: Sequence[QuotationItem]) -> None:
    language = quotation.account.language
    with translation.override(language):
        title = _("Quotation %(number)s") % {"number": quotation.number}
        context = pdf_context(quotation, items, language=language)
    document = request_document(
        kind=DocumentKind.QUOTATION,
        subject=quotation,
        customer=customer_of(quotation),
        title=title,
        template=PDF_TEMPLATE,
        language=language,
        context=context,
    )
    quotation.attach_document(document)


def _write_letter(quotation: Quotation) -> None:
    documents = [quotation.document] if quotation.document else []
    language = quotation.account.language
    with translation.override(language):
        binding_until = date_format(localtime(quotation.binding_until), "DATETIME_FORMAT")
    send_message(
        purpose=MessagePurpose.QUOTATION,
        subject=quotation,
        customer=customer_of(quotation),
        to=quotation.sent_to,
        template=MAIL_TEMPLATE,
        language=language,
        context={
            "quotation": quotation,
            "account": quotation.account,
            "binding_until": binding_until,
        },
        documents=documents,
    )
