"""Terms that end soon, and their renewal with one click."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from contracts.forms import NoFieldsForm
from contracts.forms.renewing import WindowForm
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.queries.renewing import WINDOWS, ending_terms
from contracts.services.processes.dates import term_end
from contracts.services.processes.renewal import renew
from contracts.services.processes.shapes import ProcessRefused
from contracts.views.changing import ContractOperation
from utilcrm import clock
from utilcrm.web.views import ListScreen


class RenewalList(ListScreen):
    """Supplies whose term ends within 30, 60 or 90 days."""

    model = ContractItem
    permission_required = "contracts.change_contract_terms"
    template_name = "contracts/renewals.html"
    filter_form_class = WindowForm
    title = _("Terms that end soon")
    order = ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the widest window; the filter narrows it."""
        return ending_terms(viewer=self.request.user, within=self.within)

    @property
    def within(self) -> int:
        """Return how many days ahead are asked for."""
        raw = self.request.GET.get("within", "")
        return int(raw) if raw.isdigit() and int(raw) in WINDOWS else max(WINDOWS)

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep one division."""
        return rows.filter(division=chosen["division"]) if chosen["division"] else rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say when each term ends, and what is under way already."""
        today = clock.today()
        for item in extra["page"].items:
            item.term_ends_on = term_end(item)
            item.days_left = (item.term_ends_on - today).days
        return super().get_context_data(**extra)


class Renew(ContractOperation):
    """Renew a contract for as long as before, at the list's prices of the first day."""

    permission_required = "contracts.change_contract_terms"
    form_class = NoFieldsForm
    title = _("Renew the contract")
    intro = _("The same product for as long as before, at the list's prices of the first day.")
    submit_label = _("Renew")
    success_message = _("The renewal is on its way to the ERP. It can be undone.")
    refusals = {ProcessRefused: None}

    def perform(self, form: NoFieldsForm) -> ContractProcess:
        """Renew."""
        contract: Contract = self.subject
        months = (
            contract.items.filter(role="SUPPLY")
            .order_by("-starts_on")
            .values_list("term_months", flat=True)
        )
        return renew(
            contract=contract,
            term_months=months.first() or 12,
            actor=cast("User", self.request.user),
        )

    def get_success_url(self, result: ContractProcess) -> str:
        """Show the process, where it can be followed and undone."""
        return reverse("contracts:process", args=[result.uuid])
