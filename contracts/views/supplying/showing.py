"""Suppliers, agreements, what feeds which product, and contracts that nobody supplies."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.forms.supplying import GapFilter
from contracts.models import SupplyGap
from contracts.queries.supplying.showing import gaps_for, list_suppliers, usage_of
from products.models import SupplyAgreement
from products.queries.supply import products_with_supply
from utilcrm import clock
from utilcrm.web.views import DetailScreen, ListScreen, Screen

MAY = "products.manage_supply"


class Suppliers(Screen):
    """Who sells us energy, by which agreements, and how much of each is used."""

    permission_required = MAY
    template_name = "contracts/supplying/suppliers.html"
    title = _("Energy suppliers")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list."""
        suppliers = list_suppliers(clock.today())
        return self.show(self.get_context_data(suppliers=suppliers, no_rail=True))


class Agreement(DetailScreen):
    """One agreement: terms, prices, the products that it feeds, and the volume used."""

    permission_required = MAY
    template_name = "contracts/supplying/agreement.html"
    context_name = "agreement"

    def get_queryset(self) -> QuerySet[Any]:
        """Agreements carry no customer data."""
        return SupplyAgreement.objects.select_related("supplier")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add prices, products and volumes."""
        today = clock.today()
        return super().get_context_data(
            prices=self.subject.prices.order_by("-valid_from"),
            feeds=self.subject.products.select_related("product").order_by(
                "product__name", "valid_from"
            ),
            usage=usage_of(self.subject),
            today=today,
            back_url=reverse("contracts:suppliers"),
            no_rail=True,
            **extra,
        )


class SuppliedProducts(Screen):
    """Which agreement feeds each product, today and later."""

    permission_required = MAY
    template_name = "contracts/supplying/products.html"
    title = _("Supply of products")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list; it has as many rows as there are products."""
        today = clock.today()
        return self.show(
            self.get_context_data(
                products=products_with_supply(today),
                today=today,
                back_url=reverse("contracts:suppliers"),
                no_rail=True,
            )
        )


class Gaps(ListScreen):
    """Contracts whose energy nobody supplies on some day."""

    permission_required = MAY
    template_name = "contracts/supplying/gaps.html"
    filter_form_class = GapFilter
    title = _("Contracts without an energy supplier")
    order = ("id",)

    def get_queryset(self) -> QuerySet[SupplyGap]:
        """Return the gaps that this person may see."""
        return gaps_for(self.request.user)

    def narrow(self, rows: QuerySet[SupplyGap], chosen: dict[str, Any]) -> QuerySet[SupplyGap]:
        """Keep one reason, one division."""
        if chosen["reason"]:
            rows = rows.filter(reason=chosen["reason"])
        if chosen["division"]:
            rows = rows.filter(item__division=chosen["division"])
        return rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        return super().get_context_data(
            back_url=reverse("contracts:suppliers"), no_rail=True, **extra
        )
