"""Lists of contracts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from access.models import User
from accounts.models import Account
from contracts.forms import ContractFilter
from contracts.models import Contract, SignatureRequest
from contracts.queries import open_requests
from utilcrm.web.views import ListScreen, Screen


class ContractList(ListScreen):
    """All contracts that this person may see, the newest first."""

    model = Contract
    permission_required = "contracts.view_contract"
    template_name = "contracts/list.html"
    filter_form_class = ContractFilter
    title = _("Contracts")

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what a line shows along."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("account").prefetch_related("items")

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep one state, or the numbers that begin so."""
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["number"]:
            rows = rows.filter(number__startswith=chosen["number"].strip())
        return rows


class UnsignedList(ListScreen):
    """Contracts that wait for their customers' signatures, the oldest first (C-49.3)."""

    model = SignatureRequest
    permission_required = "contracts.view_contract"
    template_name = "contracts/unsigned.html"
    title = _("Waiting for a signature")
    order = ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Return open requests only."""
        return open_requests(viewer=self.request.user)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say whose each request is, in one more query for the whole page."""
        requests = extra["page"].items
        owners = User.objects.in_bulk({one.requested_by_id for one in requests} - {None})
        for one in requests:
            one.owner = owners.get(one.requested_by_id)
        return super().get_context_data(**extra)


class ContractsOfAccount(Screen):
    """A customer's contracts, as a fragment for other pages."""

    permission_required = "contracts.view_contract"
    template_name = "contracts/_of_account.html"
    most = 20

    def load(self) -> None:
        """Load the account, if this person may see it."""
        rows = Account.objects.visible_to(self.request.user)
        self.account = get_object_or_404(rows, uuid=self.kwargs["uuid"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the newest ones, and whether there are more."""
        rows = Contract.objects.visible_to(request.user).filter(account=self.account)
        found = list(rows.prefetch_related("items").order_by("-pk")[: self.most + 1])
        return self.show(
            self.get_context_data(
                account=self.account,
                contracts=found[: self.most],
                has_more=len(found) > self.most,
            )
        )
