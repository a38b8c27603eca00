"""Forms about suppliers, agreements, prices, and what feeds what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.choices import SupplyGapReason
from premises.choices import Division
from products.models import SupplyAgreement
from utilcrm import clock
from utilcrm.web.forms import Form

ONE_DAY = dt.timedelta(days=1)
MOST_KWH = 10**15


class SupplierForm(Form):
    """What a supplier is called, and what we are called there."""

    name = forms.CharField(label=_("Name"), max_length=80)
    our_number = forms.CharField(
        label=_("Our customer number there"), max_length=30, required=False
    )


class NewSupplierForm(SupplierForm):
    """A supplier that is not known yet."""

    code = forms.SlugField(
        label=_("Code"), max_length=20, help_text=_("Letters, digits, hyphens; stays for good.")
    )
    field_order = ("code", "name", "our_number")


class _Terms(Form):
    """End and volume of an agreement; people type the last day."""

    valid_to = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Empty: until further notice.")
    )
    contracted_kwh = forms.IntegerField(
        label=_("Contracted volume in kWh"),
        required=False,
        min_value=0,
        max_value=MOST_KWH,
        help_text=_("For the whole period; empty if none was agreed."),
    )

    def clean_valid_to(self) -> dt.date | None:
        """Return the first day without the agreement."""
        last: dt.date | None = self.cleaned_data["valid_to"]
        return last + ONE_DAY if last is not None and last < dt.date.max else None


class AgreementTermsForm(_Terms):
    """What may change in an agreement."""


class NewAgreementForm(_Terms):
    """A new agreement with a supplier."""

    number = forms.CharField(label=_("Agreement number"), max_length=30)
    division = forms.ChoiceField(label=_("Division"), choices=Division.choices)
    valid_from = forms.DateField(label=_("First day"))
    field_order = ("number", "division", "valid_from", "valid_to", "contracted_kwh")


def _price(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=6, **options)


class SupplyPriceForm(Form):
    """A net price from a day on."""

    valid_from = forms.DateField(label=_("First day with the price"))
    energy_amount = _price(_("Net price per kWh"))
    day_amount = _price(_("Net price per kWh by day"), required=False)
    night_amount = _price(
        _("Net price per kWh by night"),
        required=False,
        help_text=_("Day and night only where they are told apart."),
    )
    standing_amount = _price(_("Net standing charge per day"), required=False, initial=0)


class _FromAgreement(Form):
    """An agreement of one division, from a day on."""

    agreement = forms.ChoiceField(label=_("Agreement"))
    valid_from = forms.DateField(label=_("First day"))
    with_fixed = forms.BooleanField(
        label=_("Move fixed prices, too"),
        required=False,
        help_text=_("Otherwise contracts with a fixed price follow when their term ends."),
    )

    def __init__(self, *args: Any, division: str, **kwargs: Any) -> None:
        found = (
            SupplyAgreement.objects.filter(division=division)
            .exclude(valid_to__lte=clock.today())
            .select_related("supplier")
            .order_by("supplier__name", "valid_from", "number")
        )
        self.agreements = {str(one.uuid): one for one in found}
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["agreement"]
        choice.choices = [("", "–"), *((own, str(one)) for own, one in self.agreements.items())]

    @property
    def chosen(self) -> SupplyAgreement:
        """The agreement that was chosen."""
        return self.agreements[self.cleaned_data["agreement"]]


class FeedForm(_FromAgreement):
    """What feeds a product's contracts from a day on."""


class ItemSupplyForm(_FromAgreement):
    """What feeds one contract from a day on."""


class GapFilter(Form):
    """Which contracts without supply are listed."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("All")), *SupplyGapReason.choices],
    )
    division = forms.ChoiceField(
        label=_("Division"), required=False, choices=[("", _("All")), *Division.choices]
    )
