"""Decide on discounts that agents may not give alone."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.queries import discount_limit
from quotations.forms.sending import DecisionForm
from quotations.models import Approval
from quotations.queries.listing import approvals_waiting_for
from quotations.queries.totals import totals_of
from quotations.services.approving import AlreadyDecided, MayNotDecide, decide_approval
from quotations.services.pricing import items_of
from utilcrm.web.views.operation import OperationView
from utilcrm.web.views.screens import Screen

SHOWN = 50


class ApprovalList(Screen):
    """What waits for a decision, the oldest first."""

    permission_required = "quotations.decide_approval"
    template_name = "quotations/approvals.html"
    title = _("Approvals")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the requests that this person may see."""
        approvals = list(approvals_waiting_for(request.user)[:SHOWN])
        return self.show(
            self.get_context_data(approvals=approvals, own_limit=discount_limit(request.user))
        )


class DecideApproval(OperationView):
    """Grant or refuse one discount, with the offer in view."""

    model = Approval
    request: Any  # somebody of the staff is logged in
    permission_required = "quotations.decide_approval"
    form_class = DecisionForm
    template_name = "quotations/decide.html"
    title = _("Decide on a discount")
    success_message = _("Decided. The agent sees it on the quotation.")
    refusals = {AlreadyDecided: None, MayNotDecide: None}

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the offer along with the request."""
        return (
            super()
            .get_queryset()
            .select_related("quotation__account", "requested_by", "decided_by")
        )

    def perform(self, form: DecisionForm) -> Approval:
        """Decide."""
        return decide_approval(
            approval_id=self.subject.pk,
            actor=self.request.user,
            granted=form.cleaned_data["decision"] == "grant",
            reason=form.cleaned_data["reason"],
        )

    def get_success_url(self, result: Approval) -> str:
        """Go on with the next request."""
        return reverse("quotations:approvals")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what is offered and what it costs with the discount."""
        quotation = self.subject.quotation
        return super().get_context_data(
            approval=self.subject,
            quotation=quotation,
            totals=totals_of(items_of(quotation), segment=quotation.account.segment),
            own_limit=discount_limit(self.request.user),
            may_grant=discount_limit(self.request.user) >= self.subject.percent,
            is_own=self.subject.requested_by_id == self.request.user.pk,
            **extra,
        )
