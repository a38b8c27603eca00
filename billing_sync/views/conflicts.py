"""Conflicts with the ERP: both values side by side, settled by one click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from billing_sync.choices import ConflictStatus
from billing_sync.forms import NoFields
from billing_sync.models import SyncConflict
from billing_sync.queries import erp_state
from billing_sync.queries.conflicts import open_conflicts, view_of
from billing_sync.services.conflicts.settling import CannotSettle, settle_conflict
from utilcrm.web.forms import Form
from utilcrm.web.views import DetailScreen, ListScreen, OperationView

if TYPE_CHECKING:
    from access.models import User

SETTLE = "billing_sync.settle_conflict"


class Conflicts(ListScreen):
    """The open conflicts, of one customer if the address says so."""

    template_name = "billing_sync/conflicts.html"
    permission_required = SETTLE
    title = gettext_lazy("Conflicts with the ERP")
    order = ("id",)

    def get_queryset(self) -> QuerySet[SyncConflict]:
        """Return what this person may see."""
        conflicts = open_conflicts(self.request.user)
        if account := self.request.GET.get("account", ""):
            conflicts = conflicts.filter(account__number=account)
        return conflicts

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add both sides of each."""
        rows = [view_of(conflict) for conflict in extra["page"]]
        return super().get_context_data(rows=rows, reach=erp_state(), no_rail=True, **extra)


class Conflict(DetailScreen):
    """One conflict, also after it was settled."""

    model = SyncConflict
    template_name = "billing_sync/conflict.html"
    permission_required = SETTLE

    def get_queryset(self) -> QuerySet[SyncConflict]:
        """Fetch the customer along."""
        return super().get_queryset().select_related("account")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add both sides."""
        row = view_of(self.subject)
        return super().get_context_data(row=row, reach=erp_state(), no_rail=True, **extra)


class _Settle(OperationView):
    """One click: the value of one side becomes the value of both."""

    model = SyncConflict
    form_class: type[Form] = NoFields
    permission_required = SETTLE
    title = gettext_lazy("Settle the conflict")
    refusals = {CannotSettle: None}
    take: str

    def perform(self, form: NoFields) -> SyncConflict:
        """Make the one service call."""
        return settle_conflict(
            conflict=self.subject, take=self.take, actor=cast("User", self.request.user)
        )

    def get_success_url(self, result: Any) -> str:
        """Go back to where the click was."""
        return reverse("billing_sync:conflicts")


class TakeOurs(_Settle):
    """The CRM's value goes up."""

    submit_label = gettext_lazy("Take the CRM's value")
    success_message = gettext_lazy("The CRM's value stays, and goes to the ERP.")
    take = ConflictStatus.OURS


class TakeTheirs(_Settle):
    """The ERP's value is written here."""

    submit_label = gettext_lazy("Take the ERP's value")
    success_message = gettext_lazy("The ERP's value is taken over.")
    take = ConflictStatus.THEIRS
