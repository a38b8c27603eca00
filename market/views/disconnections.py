"""Disconnections for non-payment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from market.forms.register import DisconnectionFilter, DisconnectionForm, NoFields, ReasonForm
from market.models import DisconnectionOrder
from market.queries.lists import disconnections
from market.services.disconnecting import (
    DisconnectionRefused,
    cancel_disconnection,
    dunning_of,
    earliest_cut,
    order_disconnection,
    restore_supply,
    why_no_cut,
)
from utilcrm.web.views import ListScreen, OperationView

if TYPE_CHECKING:
    from access.models import User

ORDER = "market.order_disconnection"


class Disconnections(ListScreen):
    """All disconnections that this person may see, the newest first."""

    permission_required = "market.view_disconnectionorder"
    template_name = "market/disconnections.html"
    filter_form_class = DisconnectionFilter
    title = _("Disconnections for non-payment")

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what a line shows along."""
        return disconnections(cast("User", self.request.user))

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep one state."""
        return rows.filter(status=chosen["status"]) if chosen["status"] else rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Give the table the whole width."""
        return super().get_context_data(no_rail=True, **extra)


class Order(OperationView):
    """Order a disconnection."""

    model = Contract
    form_class = DisconnectionForm
    permission_required = ORDER
    template_name = "market/disconnect.html"
    title = _("Disconnect for non-payment")
    submit_label = _("Order the disconnection")
    submit_variant = "danger"
    success_message = _("The disconnection is planned.")
    refusals = {DisconnectionRefused: None}

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the rules ask for."""
        return super().get_queryset().select_related("account", "business_agreement")

    def get_initial(self) -> dict[str, Any]:
        """Propose the earliest day."""
        return {"cut_on": earliest_cut()}

    def perform(self, form: DisconnectionForm) -> DisconnectionOrder:
        """Make the one service call."""
        return order_disconnection(
            contract=self.subject,
            actor=cast("User", self.request.user),
            **form.cleaned_data,
        )

    def get_success_url(self, result: DisconnectionOrder) -> str:
        """Show the list."""
        return reverse("market:disconnections")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what speaks for it, and what stands against it."""
        return super().get_context_data(
            why_not=why_no_cut(self.subject), dunning=dunning_of(self.subject), **extra
        )


class _OneOrder(OperationView):
    model = DisconnectionOrder
    permission_required = ORDER
    is_versioned = True
    refusals = {DisconnectionRefused: None}

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch whose it is and where along."""
        return disconnections(cast("User", self.request.user))

    def load(self) -> None:
        """Load the order, say whose supply it cuts, and know the way back."""
        super().load()
        self.cancel_url = reverse("market:disconnections")
        day = date_format(self.subject.cut_on, "SHORT_DATE_FORMAT")
        self.intro = f"{self.subject.account.name} · {self.subject.pod.external_id} · {day}"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Lead back to the list."""
        return super().get_context_data(
            back_url=self.cancel_url, back_label=_("Disconnections for non-payment"), **extra
        )

    def get_success_url(self, result: DisconnectionOrder) -> str:
        """Show the list."""
        return reverse("market:disconnections")


class Cancel(_OneOrder):
    """Give a disconnection up before its day."""

    form_class = ReasonForm
    title = _("Call off the disconnection")
    submit_label = _("Call off")
    success_message = _("The customer is not disconnected.")

    def perform(self, form: ReasonForm) -> DisconnectionOrder:
        """Make the one service call."""
        return cancel_disconnection(
            order=self.subject,
            version=self.version,
            reason=form.cleaned_data["reason"],
            actor=cast("User", self.request.user),
        )


class Restore(_OneOrder):
    """Have a customer connected again."""

    form_class = NoFields
    title = _("Connect the customer again")
    submit_label = _("Connect again")
    success_message = _("The register is being told.")

    def perform(self, form: NoFields) -> DisconnectionOrder:
        """Make the one service call."""
        return restore_supply(
            order=self.subject, version=self.version, actor=cast("User", self.request.user)
        )
