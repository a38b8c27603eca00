"""What a list of contracts can be narrowed by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.choices import ContractStatus
from utilcrm.web.forms import Form


class ContractFilter(Form):
    """State, and a number that the contract's begins with."""

    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *ContractStatus.choices],
    )
    number = forms.CharField(
        label=_("Contract number"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
