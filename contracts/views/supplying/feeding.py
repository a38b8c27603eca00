"""Say which agreement feeds a product, or one contract."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from access.models import User
from contracts.forms.supplying import FeedForm, ItemSupplyForm
from contracts.models import ContractItem, ItemSupplier
from contracts.queries.supplying.showing import supplied_by
from contracts.services.supplying import SupplyRefused, change_agreement_of
from products.models import Product, ProductSupply
from products.services import supply
from utilcrm.web.views import OperationView


class FeedProduct(OperationView):
    """Feed a product's contracts from another agreement from a day on."""

    permission_required = "products.manage_supply"
    form_class = FeedForm
    title = _("Change of supply agreement")
    submit_label = _("Change the supply")
    success_message = _("Saved. The contracts of the product follow in the background.")
    refusals = {supply.FeedRefused: None}
    subject: Product

    def load(self) -> None:
        """Load the product or answer 404."""
        self.subject = self.get_subject()

    def get_queryset(self) -> QuerySet[Any]:
        """Products carry no customer data."""
        return Product.objects.all()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the agreements of the product's division."""
        return {"division": self.subject.division}

    def perform(self, form: FeedForm) -> ProductSupply:
        """Feed it."""
        return supply.feed_product(
            product_id=self.subject.pk,
            agreement_id=form.chosen.pk,
            valid_from=form.cleaned_data["valid_from"],
            with_fixed=form.cleaned_data["with_fixed"],
            actor=self.request.user,
        )

    def get_success_url(self, result: Any) -> str:
        """Show what feeds which product."""
        return reverse("contracts:supply_products")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back, and what feeds the product now."""
        present = self.subject.supplies.filter(valid_to__isnull=True).select_related(
            "agreement__supplier"
        )
        context = super().get_context_data(
            back_url=reverse("contracts:supply_products"), back_label=self.subject.name, **extra
        )
        return context | {"intro": _since(present.first())}


class SupplyItem(OperationView):
    """Feed one contract from another agreement from a day on."""

    model = ContractItem
    permission_required = "products.manage_supply"
    form_class = ItemSupplyForm
    title = _("Change of supply agreement")
    submit_label = _("Change the supply")
    success_message = _("The contract is supplied by another agreement from that day on.")
    refusals = {SupplyRefused: None}
    is_versioned = True
    subject: ContractItem

    def get_queryset(self) -> QuerySet[Any]:
        """Items that this person may see."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("contract__account")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the agreements of the item's division."""
        return {"division": self.subject.division}

    def perform(self, form: ItemSupplyForm) -> ContractItem:
        """Feed it."""
        return change_agreement_of(
            item_id=self.subject.pk,
            agreement_id=form.chosen.pk,
            valid_from=form.cleaned_data["valid_from"],
            with_fixed=form.cleaned_data["with_fixed"],
            version=self.version,
            actor=cast("User", self.request.user),
        )

    def get_success_url(self, result: Any) -> str:
        """Lead back to the contract."""
        return reverse("contracts:detail", args=[self.subject.contract.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back, and what feeds the contract now."""
        context = super().get_context_data(
            back_url=self.get_success_url(None), back_label=self.subject.contract.number, **extra
        )
        return context | {"intro": _since(supplied_by([self.subject]).get(self.subject.pk))}


def _since(present: ProductSupply | ItemSupplier | None) -> str:
    """Say what feeds something now."""
    if present is None:
        return ""
    return _("At present: %(agreement)s, since %(day)s.") % {
        "agreement": present.agreement,
        "day": date_format(present.valid_from, "SHORT_DATE_FORMAT"),
    }
