"""The address by which a place is found."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from utilcrm.web.forms import Form


class FindForm(Form):
    """Postcode and street, as far as the caller has said them."""

    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-autofocus": ""}),
    )
    street = forms.CharField(
        label=_("Street"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    house_number = forms.CharField(
        label=_("House number"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
