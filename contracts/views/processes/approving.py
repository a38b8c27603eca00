"""Asking for a price above one's own limit, and deciding on it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.forms.processes.deciding import DecisionForm, NoteForm
from contracts.models import PriceApproval
from contracts.services.processes.approving import (
    ApprovalRefused,
    ask_for_approval,
    decide,
    wanted_discount,
)
from contracts.services.processes.shapes import ProcessRefused
from contracts.views.processes.screens import ProcessOperation
from quotations.choices import ApprovalStatus
from utilcrm.web.views import ListScreen, OperationView


class AskForApproval(ProcessOperation):
    """Ask for a discount above one's own limit; the draft waits."""

    form_class = NoteForm
    template_name = "contracts/processes/approval.html"
    title = _("Ask for approval")
    submit_label = _("Ask for approval")
    success_message = _("Asked for. A supervisor finds it in the list of approvals.")
    refusals = {ApprovalRefused: None, ProcessRefused: None}

    def perform(self, form: NoteForm) -> PriceApproval:
        """Ask."""
        return ask_for_approval(
            process=self.subject, why=form.cleaned_data["note"], actor=self.actor
        )

    def get_success_url(self, result: PriceApproval) -> str:
        """Lead back to the review of the process."""
        return reverse("contracts:process_review", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what is asked for, and what was asked before."""
        return super().get_context_data(
            percent=wanted_discount(self.subject),
            approvals=PriceApproval.objects.filter(process=self.subject)
            .select_related("requested_by", "decided_by")
            .order_by("-id"),
            **extra,
        )


class ApprovalList(ListScreen):
    """Discounts that wait for somebody's word, the oldest first."""

    model = PriceApproval
    permission_required = "quotations.decide_approval"
    template_name = "contracts/processes/approvals.html"
    title = _("Prices to approve")
    order = ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Return what is undecided."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.filter(status=ApprovalStatus.PENDING).select_related(
            "process__account", "process__contract", "requested_by"
        )


class DecideApproval(OperationView):
    """Grant or refuse a discount."""

    model = PriceApproval
    permission_required = "quotations.decide_approval"
    form_class = DecisionForm
    template_name = "contracts/processes/decide.html"
    title = _("Decide on a price")
    submit_label = _("Decide")
    success_message = _("Decided.")
    refusals = {ApprovalRefused: None}

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what is decided on."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("process__account", "process__contract", "requested_by")

    def perform(self, form: DecisionForm) -> PriceApproval:
        """Decide."""
        return decide(
            approval=self.subject,
            granted=form.cleaned_data["decision"] == "GRANT",
            reason=form.cleaned_data["note"],
            actor=self.request.user,  # type: ignore[arg-type]
        )

    def get_success_url(self, result: PriceApproval) -> str:
        """Lead to what else waits."""
        return reverse("contracts:process_approvals")
