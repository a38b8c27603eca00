"""Paying now, later or in parts: what is open, what is agreed, what the ERP says to it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from accounts.models import BusinessAgreement
from billing_sync.choices import ArrangementKind
from billing_sync.forms import ArrangementForm, OpenItemsForm, PaymentForm
from billing_sync.models import PaymentArrangement
from billing_sync.queries.arrangements import arrangements_of, open_items_of
from billing_sync.services.arranging import (
    ArrangementRefused,
    Terms,
    arrange_payment,
    can_be_debited,
    earliest_debit,
)
from billing_sync.services.standing import refresh_all
from utilcrm import clock
from utilcrm.web.views import OperationView

_IN_TWO_WEEKS = dt.timedelta(days=14)


class ArrangePayment(OperationView):
    """Ask the ERP to defer what is open, or to take it in parts."""

    model = BusinessAgreement
    permission_required = "billing_sync.arrange_payment"
    form_class: type[OpenItemsForm] = ArrangementForm
    template_name = "billing_sync/arrangement.html"
    title = _("Pay later or in parts")
    submit_label = _("Ask the ERP")
    success_message = _("The wish is on its way to the ERP.")
    refusals = {ArrangementRefused: None}

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the account along."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("account")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask the ERP what is open now; without an answer show what it last said."""
        self.is_fresh = refresh_all([self.subject])
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what is open."""
        self.open_items = open_items_of(self.subject)
        return {"items": self.open_items}

    def get_initial(self) -> dict[str, Any]:
        """Propose all of it, in two weeks."""
        return {
            "items": [item.document for item in open_items_of(self.subject)],
            "kind": ArrangementKind.DEFERRAL,
            "first_due": clock.today() + _IN_TWO_WEEKS,
            "parts": 3,
        }

    def perform(self, form: ArrangementForm) -> PaymentArrangement:
        """Make the one service call."""
        facts = form.cleaned_data
        return arrange_payment(
            agreement=self.subject,
            items=form.chosen(),
            terms=Terms(facts["kind"], facts["first_due"], facts["parts"] or 1),
            reason=facts["reason"],
            case_uuid=self._case(),
            actor=cast("User", self.request.user),
        )

    def get_success_url(self, result: PaymentArrangement) -> str:
        """Show what becomes of it."""
        return reverse("billing_sync:arrange", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what is open and what was asked for before."""
        arrangements = arrangements_of(self.subject)
        return super().get_context_data(
            open_items=self.open_items,
            is_fresh=getattr(self, "is_fresh", True),
            arrangements=arrangements,
            is_waiting=any(one.is_under_way for one in arrangements),
            back_url=reverse("interactions:account", args=[self.subject.account.uuid]),
            back_label=self.subject.account.name,
            **extra,
        )

    def _case(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.request.GET.get("case", ""))
        except ValueError:
            return None


class TakePayment(ArrangePayment):
    """Let the ERP debit what is open, once, from the bank account that it has."""

    is_sensitive = True
    form_class = PaymentForm
    template_name = "billing_sync/payment.html"
    title = _("Take a payment")
    submit_label = _("Debit the bank account")
    success_message = _("The payment is on its way to the ERP.")

    def get_initial(self) -> dict[str, Any]:
        """Propose all of it, at once."""
        documents = [item.document for item in open_items_of(self.subject)]
        return {"items": documents, "first_due": earliest_debit()}

    def perform(self, form: PaymentForm) -> PaymentArrangement:  # type: ignore[override]
        """Make the one service call."""
        return arrange_payment(
            agreement=self.subject,
            items=form.chosen(),
            terms=Terms(ArrangementKind.DIRECT_DEBIT, form.cleaned_data["first_due"]),
            reason="",
            actor=cast("User", self.request.user),
        )

    def get_success_url(self, result: PaymentArrangement) -> str:
        """Go back to the customer, where its state stands with the figures."""
        return reverse("interactions:account", args=[self.subject.account.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say whether there is an account to debit, and how much is open."""
        return super().get_context_data(
            can_be_debited=can_be_debited(self.subject),
            total=sum(item.amount for item in self.open_items),
            **extra,
        )
