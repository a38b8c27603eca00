"""The monthly instalment: the ERP's proposal, and the customer's wish."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from accounts.models import BusinessAgreement
from billing_sync.forms import InstalmentForm
from billing_sync.models import BudgetPlanChange
from billing_sync.queries.budget import last_change, range_bar
from billing_sync.services.budgeting import BudgetRefused, change_plan, fetch_plan
from utilcrm.web import htmx
from utilcrm.web.views import DetailScreen, OperationView, Screen

_MOST = 30


class ChooseAgreement(Screen):
    """The agreements whose instalments may be changed; a single one opens at once."""

    permission_required = "billing_sync.change_instalments"
    template_name = "billing_sync/budget/choose.html"
    title = _("Monthly instalment")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Offer those of the account, or go straight to the one that is named."""
        rows = BusinessAgreement.objects.visible_to(request.user).select_related("account")
        wanted, owner = self._uuid("agreement"), self._uuid("account")
        if wanted:
            found = list(rows.filter(uuid=wanted))
        else:
            found = list(
                rows.filter(account__uuid=owner).order_by("-is_default", "id")[:_MOST]
                if owner
                else []
            )
        if len(found) == 1:
            return redirect("billing_sync:budget", uuid=found[0].uuid)
        return self.show(self.get_context_data(agreements=found))

    def _uuid(self, name: str) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.request.GET.get(name, ""))
        except ValueError:
            return None


class ChangeBudget(OperationView):
    """Show what the ERP proposes, and change the instalment within what it allows."""

    model = BusinessAgreement
    permission_required = "billing_sync.change_instalments"
    form_class = InstalmentForm
    template_name = "billing_sync/budget/change.html"
    title = _("Monthly instalment")
    submit_label = _("Change the instalment")
    success_message = _("The change is on its way to the ERP.")
    refusals = {BudgetRefused: None}

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the account along."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("account")

    def get_initial(self) -> dict[str, Any]:
        """Return the ERP's proposal, which is asked for now."""
        self.now = fetch_plan(self.subject)
        plan = self.now.plan
        return {"amount": plan.proposed.quantize(plan.step.normalize())} if plan else {}

    def perform(self, form: InstalmentForm) -> BudgetPlanChange:
        """Ask the ERP for it."""
        return change_plan(
            agreement=self.subject,
            amount=form.cleaned_data["amount"],
            actor=cast("User", self.request.user),
        )

    def get_success_url(self, result: BudgetPlanChange) -> str:
        """Show what becomes of it."""
        return reverse("billing_sync:budget", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the plan, its bar, and the last change."""
        plan = self.now.plan
        return super().get_context_data(
            plan=plan,
            is_fresh=self.now.is_fresh,
            stale=not self.now.is_fresh,
            bar=range_bar(plan) if plan else None,
            change=last_change(self.subject),
            back_url=reverse("interactions:account", args=[self.subject.account.uuid]),
            back_label=self.subject.account.name,
            **extra,
        )


class BudgetState(DetailScreen):
    """Where the last change stands; the part of the page that refreshes."""

    model = BusinessAgreement
    permission_required = "billing_sync.change_instalments"
    template_name = "billing_sync/budget/_state.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a poll: 204 as long as nothing has changed, the whole page once it is settled."""
        change = last_change(self.subject)
        if change is None or request.GET.get("seen") == change.status:
            return htmx.nothing_changed()
        if not change.is_under_way:
            return htmx.redirect(request, reverse("billing_sync:budget", args=[self.subject.uuid]))
        return self.show(self.get_context_data(change=change))
