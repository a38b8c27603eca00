"""Write down suppliers, agreements and prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.forms.supplying import (
    ONE_DAY,
    AgreementTermsForm,
    NewAgreementForm,
    NewSupplierForm,
    SupplierForm,
    SupplyPriceForm,
)
from products.models import Supplier, SupplyAgreement
from products.services import supply
from utilcrm.web.views import OperationView


class _Negotiation(OperationView):
    """Whatever is written down about suppliers."""

    permission_required = "products.manage_supply"

    def get_success_url(self, result: Any) -> str:
        """Show the suppliers."""
        return reverse("contracts:suppliers")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        url = reverse("contracts:suppliers")
        return super().get_context_data(back_url=url, back_label=_("Energy suppliers"), **extra)


class NewSupplier(_Negotiation):
    """Make a supplier known."""

    form_class = NewSupplierForm
    title = _("New energy supplier")
    submit_label = _("Save the supplier")
    success_message = _("The supplier is saved.")
    refusals = {supply.AgreementRefused: None}

    def perform(self, form: NewSupplierForm) -> Supplier:
        """Save it."""
        return supply.create_supplier(actor=self.request.user, **form.cleaned_data)


class _OfSupplier(_Negotiation):
    """Something about one supplier."""

    subject: Supplier

    def load(self) -> None:
        """Load the supplier or answer 404."""
        self.subject = self.get_subject()

    def get_queryset(self) -> QuerySet[Any]:
        """Suppliers carry no customer data."""
        return Supplier.objects.all()


class EditSupplier(_OfSupplier):
    """Change what a supplier is called."""

    form_class = SupplierForm
    title = _("Change the energy supplier")
    success_message = _("The supplier is saved.")
    is_versioned = True

    def get_initial(self) -> dict[str, Any]:
        """Show the present values."""
        return {"name": self.subject.name, "our_number": self.subject.our_number}

    def perform(self, form: SupplierForm) -> Supplier:
        """Save them."""
        return supply.rename_supplier(
            supplier_id=self.subject.pk,
            version=self.version,
            actor=self.request.user,
            **form.cleaned_data,
        )


class NewAgreement(_OfSupplier):
    """Write down what was negotiated with a supplier."""

    form_class = NewAgreementForm
    title = _("New supply agreement")
    submit_label = _("Save the agreement")
    success_message = _("The agreement is saved. It needs a price before it can feed a product.")
    refusals = {supply.AgreementRefused: None}

    def perform(self, form: NewAgreementForm) -> SupplyAgreement:
        """Save it."""
        return supply.create_agreement(
            supplier_id=self.subject.pk, actor=self.request.user, **form.cleaned_data
        )

    def get_success_url(self, result: SupplyAgreement) -> str:
        """Show the agreement."""
        return reverse("contracts:supply_agreement", args=[result.uuid])


class _OfAgreement(_Negotiation):
    """Something about one agreement."""

    subject: SupplyAgreement

    def load(self) -> None:
        """Load the agreement or answer 404."""
        self.subject = self.get_subject()

    def get_queryset(self) -> QuerySet[Any]:
        """Agreements carry no customer data."""
        return SupplyAgreement.objects.select_related("supplier")

    def get_success_url(self, result: Any) -> str:
        """Show the agreement."""
        return reverse("contracts:supply_agreement", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        context = super().get_context_data(**extra)
        return context | {"back_url": self.get_success_url(None), "back_label": str(self.subject)}


class EditAgreement(_OfAgreement):
    """Set the end and the volume of an agreement anew."""

    form_class = AgreementTermsForm
    title = _("Change the supply agreement")
    intro = _("Contracts that it can feed no longer get the agreement of their product then.")
    success_message = _("The agreement is saved; its contracts follow in the background.")
    is_versioned = True
    refusals = {supply.AgreementRefused: None}

    def get_initial(self) -> dict[str, Any]:
        """Show the present values; people read the last day."""
        end = self.subject.valid_to
        return {
            "valid_to": end - ONE_DAY if end else None,
            "contracted_kwh": self.subject.contracted_kwh,
        }

    def perform(self, form: AgreementTermsForm) -> SupplyAgreement:
        """Save them."""
        return supply.change_agreement(
            agreement_id=self.subject.pk,
            version=self.version,
            actor=self.request.user,
            **form.cleaned_data,
        )


class NewPrice(_OfAgreement):
    """Agree on a price from a day on."""

    form_class = SupplyPriceForm
    title = _("Purchase price from a date")
    intro = _("Contracts with a fixed purchase price keep it until their term ends.")
    submit_label = _("Save the price")
    success_message = _("The price is saved.")
    refusals = {supply.PriceRefused: None}

    def perform(self, form: SupplyPriceForm) -> Any:
        """Save it."""
        typed = {**form.cleaned_data}
        typed["standing_amount"] = typed["standing_amount"] or Decimal(0)
        return supply.set_supply_price(
            agreement_id=self.subject.pk, actor=self.request.user, **typed
        )
