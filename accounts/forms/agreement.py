"""The form of a business agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import InvoiceDelivery, PaymentMethod
from accounts.forms.fields import IbanField
from accounts.services.agreeing import AgreementInput
from utilcrm.web.forms import Form


class AgreementForm(Form):
    """How the customer pays and gets bills."""

    payment_method = forms.ChoiceField(
        label=_("Payment method"),
        choices=PaymentMethod.choices,
        initial=PaymentMethod.DIRECT_DEBIT,
    )
    iban = IbanField(required=False)
    account_holder = forms.CharField(
        label=_("Account holder"),
        max_length=120,
        required=False,
        help_text=_("Only if it is not the customer."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    invoice_delivery = forms.ChoiceField(
        label=_("Bills by"), choices=InvoiceDelivery.choices, initial=InvoiceDelivery.EMAIL
    )
    budget_billing = forms.BooleanField(
        label=_("Monthly budget billing"), required=False, initial=True
    )

    def wants_agreement(self) -> bool:
        """Whether the fields of the agreement count."""
        return True

    def clean(self) -> dict[str, Any]:
        """Ask for the bank account that direct debit needs."""
        values = super().clean() or self.cleaned_data
        is_debit = values.get("payment_method") == PaymentMethod.DIRECT_DEBIT
        if self.wants_agreement() and is_debit and not values.get("iban"):
            if "iban" not in self.errors:
                self.add_error("iban", _("Direct debit needs the customer's IBAN."))
        elif "iban" in self.errors and not (self.wants_agreement() and is_debit):
            # What will not be stored cannot stop anybody.
            del self.errors["iban"]
        return values

    def terms(self, **others: Any) -> AgreementInput:
        """Return the cleaned terms."""
        values = self.cleaned_data
        return AgreementInput(
            payment_method=values["payment_method"],
            iban=values.get("iban", ""),
            account_holder=values["account_holder"],
            invoice_delivery=values["invoice_delivery"],
            budget_billing=values["budget_billing"],
            **others,
        )


class SeparateAgreementForm(AgreementForm):
    """A further agreement, or a changed one."""

    is_default = forms.BooleanField(
        label=_("Use as default"),
        required=False,
        help_text=_("Proposed when the caller names no agreement."),
    )
