"""Bring an offer to the customer, ask for its discount, quote again."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quotations.choices import Channel
from quotations.forms.editor import Editor
from quotations.forms.sending import NothingForm, RejectForm, SendForm
from quotations.models import Approval, Quotation
from quotations.services.answering import (
    QuotationNotRejectable,
    RejectReasonMissing,
    reject_quotation,
)
from quotations.services.approving import (
    AlreadyDecided,
    ApprovalMissing,
    ApprovalNotNeeded,
    DiscountReasonMissing,
    request_approval,
    withdraw_request,
)
from quotations.services.conditions import BindingPeriodOutOfRange, StartDateOutOfRange
from quotations.services.copying import quote_again
from quotations.services.drafting import NotADraft
from quotations.services.pricing import PriceChange, PricesChanged, reprice_quotation
from quotations.services.sending import QuotationIncomplete, RecipientMissing, send_quotation
from utilcrm.db.models import StaleVersion
from utilcrm.web import htmx
from utilcrm.web.forms import Form
from utilcrm.web.views.operation import OperationView


class QuotationOperation(OperationView):
    """An operation on one quotation, which leads to its page."""

    model = Quotation
    request: Any  # somebody of the staff is logged in

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the summary shows along with the quotation."""
        return (
            super()
            .get_queryset()
            .select_related(
                "account", "business_agreement", "premise__connection_object", "changed_by"
            )
        )

    def get_success_url(self, result: Any) -> str:
        """Go to the quotation's page."""
        return reverse("quotations:detail", args=[self.subject.uuid])


class SummaryOperation(QuotationOperation):
    """
    An operation at the foot of the quotation screen; a refusal is said right there.

    Nothing is put together here: whoever presses the button has to have seen what goes out. If
    somebody else has changed the draft, or the price list has moved on, the summary is shown anew
    with a word about it, and the button has to be pressed again.
    """

    template_name = "quotations/edit.html"
    partial_template_name = "quotations/_summary.html"

    def form_valid(self, form: Form) -> HttpResponse:
        """Bring the draft to today's prices if they have moved on, and ask again."""
        try:
            return super().form_valid(form)
        except PricesChanged:
            changes = reprice_quotation(quotation_id=self.subject.pk, actor=self.request.user)
        self.load()
        editor = Editor(self.subject, self.request.user)
        editor.taken_prices = changes
        return self.show(self.get_context_data(form=form, editor=editor), status=409)

    def conflict(self, form: Form, stale: StaleVersion) -> HttpResponse:
        """Show the draft as somebody else has left it."""
        self.load()
        return self.show(self.get_context_data(form=form, changed_by_other=True), status=409)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the screen and the version that the next press will be about."""
        extra.setdefault("editor", Editor(self.subject, self.request.user))
        return super().get_context_data(
            quotation=self.subject, version=self.subject.version, **extra
        )


class SendQuotation(SummaryOperation):
    """Send the offer by e-mail."""

    permission_required = "quotations.send_quotation"
    form_class = SendForm
    title = _("Send the quotation")
    success_message = _("The quotation is on its way.")
    refusals = {
        NotADraft: None,
        QuotationIncomplete: None,
        RecipientMissing: "recipient",
        ApprovalMissing: None,
        StartDateOutOfRange: None,
        BindingPeriodOutOfRange: None,
    }

    def perform(self, form: SendForm) -> Quotation:
        """Make it binding and write the letter."""
        return send_quotation(
            quotation_id=self.subject.pk,
            actor=self.request.user,
            channel=Channel.EMAIL,
            recipient=form.cleaned_data["recipient"],
            version=self.version,
        )


class TakePrices(SummaryOperation):
    """Bring the draft to the prices of today's list."""

    permission_required = "quotations.create_quotation"
    form_class = NothingForm
    title = _("Take today's prices")
    success_message = _("The offer has today's prices.")
    refusals = {NotADraft: None}

    def perform(self, form: NothingForm) -> list[PriceChange]:
        """Copy the prices anew."""
        return reprice_quotation(
            quotation_id=self.subject.pk, actor=self.request.user, version=self.version
        )

    def get_success_url(self, result: Any) -> str:
        """Go on with the draft."""
        return reverse("quotations:edit", args=[self.subject.uuid])


class RequestApproval(SummaryOperation):
    """Ask for a discount above one's own limit."""

    permission_required = "quotations.create_quotation"
    form_class = NothingForm
    title = _("Ask for approval")
    success_message = _("The discount waits for approval.")
    refusals = {NotADraft: None, ApprovalNotNeeded: None, DiscountReasonMissing: None}

    def perform(self, form: NothingForm) -> Approval:
        """Hold the draft and ask."""
        return request_approval(
            quotation_id=self.subject.pk, actor=self.request.user, version=self.version
        )


class WithdrawRequest(QuotationOperation):
    """Take a request for a discount back, to go on with the draft."""

    permission_required = "quotations.create_quotation"
    form_class = NothingForm
    title = _("Take the request back")
    intro = _("The quotation becomes a draft again and can be changed.")
    submit_label = _("Take it back")
    refusals = {AlreadyDecided: None}

    def perform(self, form: NothingForm) -> Quotation:
        """Give the draft back."""
        return withdraw_request(quotation_id=self.subject.pk, actor=self.request.user)

    def get_success_url(self, result: Any) -> str:
        """Go on with the draft."""
        return reverse("quotations:edit", args=[self.subject.uuid])


class RejectQuotation(QuotationOperation):
    """Note that the customer does not take the offer."""

    permission_required = "quotations.reject_quotation"
    form_class = RejectForm
    title = _("The customer declines")
    submit_label = _("Close the quotation")
    submit_variant = "danger"
    success_message = _("The quotation is closed; the reason is kept.")
    refusals = {RejectReasonMissing: "reason", QuotationNotRejectable: None}

    def perform(self, form: RejectForm) -> Quotation:
        """Close it with its reason."""
        return reject_quotation(
            quotation_id=self.subject.pk,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say which quotation it is, and lead back to it."""
        back = reverse("quotations:detail", args=[self.subject.uuid])
        return super().get_context_data(back_url=back, back_label=self.subject.number, **extra) | {
            "cancel_url": back
        }


class QuoteAgain(QuotationOperation):
    """Open a draft with the same supplies at today's prices."""

    permission_required = "quotations.create_quotation"
    form_class = NothingForm
    title = _("Quote again")
    intro = _("Opens a draft with the same supplies, meters and terms at today's prices.")
    submit_label = _("Quote again")

    def perform(self, form: NothingForm) -> Quotation:
        """Copy it."""
        return quote_again(quotation=self.subject, actor=self.request.user)

    def success_response(self, result: Quotation) -> HttpResponse:
        """Go on with the new draft."""
        return htmx.redirect(self.request, reverse("quotations:edit", args=[result.uuid]))
