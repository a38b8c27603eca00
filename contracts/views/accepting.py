"""The customer says yes: the quotation becomes contracts, and a link goes out."""

from __future__ import annotations

from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from contracts.forms import NoFieldsForm
from contracts.models import Contract
from contracts.services.assembling import (
    NothingToAssemble,
    PointOfDeliveryTaken,
    assemble_from_quotation,
)
from contracts.services.preflight import run_preflight
from contracts.services.requesting import NoEmailAddress, request_signature
from quotations.models import Quotation
from quotations.services.answering import (
    QuotationExpired,
    QuotationNotAcceptable,
    accept_quotation,
)
from quotations.services.approving import ApprovalMissing
from quotations.services.conditions import BindingPeriodOutOfRange, StartDateOutOfRange
from quotations.services.pricing import PricesChanged
from quotations.services.sending import QuotationIncomplete
from utilcrm.web.views import OperationView


class AcceptQuotation(OperationView):
    """
    Accept, draw up the contracts and ask for the signature, in one transaction.

    The pre-flight check stands above the button, so that what would fail is mended while the
    customer is still on the line.
    """

    model = Quotation
    permission_required = "quotations.accept_quotation"
    form_class = NoFieldsForm
    template_name = "contracts/accept.html"
    title = _("Accept the quotation")
    submit_label = _("Accept and send the contract to sign")
    success_message = _(
        "Accepted. The contract is being made; the link to sign goes out by e-mail."
    )
    is_versioned = True
    refusals = {
        QuotationExpired: None,
        QuotationNotAcceptable: None,
        QuotationIncomplete: None,
        ApprovalMissing: None,
        PricesChanged: None,
        StartDateOutOfRange: None,
        BindingPeriodOutOfRange: None,
        NothingToAssemble: None,
        PointOfDeliveryTaken: None,
        NoEmailAddress: None,
    }

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the checks read."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("account", "business_agreement")

    def perform(self, form: NoFieldsForm) -> list[Contract]:
        """Do all three, or nothing."""
        actor = cast("User", self.request.user)
        with transaction.atomic():
            quotation = accept_quotation(
                quotation_id=self.subject.pk, actor=actor, version=self.version
            )
            contracts = assemble_from_quotation(quotation=quotation, actor=actor)
            request_signature(contracts=contracts, actor=actor)
        return contracts

    def get_success_url(self, result: list[Contract]) -> str:
        """Lead to the first contract; the others are named there."""
        return reverse("contracts:detail", args=[result[0].uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the checks."""
        findings = run_preflight(self.subject, viewer=self.request.user)
        return super().get_context_data(
            findings=findings,
            has_blocks=any(one.is_blocking for one in findings),
            back_url=reverse("quotations:detail", args=[self.subject.uuid]),
            back_label=self.subject.number,
            items=self.subject.items.select_related("product", "grid_tariff", "pod").order_by(
                "position"
            ),
            **extra,
        )
