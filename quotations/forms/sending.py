"""Sending an offer, asking for its discount, answering it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quotations.choices import QuotationStatus, RejectReason
from utilcrm.web.forms import Form


class SendForm(Form):
    """Where the offer goes by e-mail."""

    recipient = forms.EmailField(
        label=_("Send to"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class NothingForm(Form):
    """An operation that needs no more facts than the button that was pressed."""


class RejectForm(Form):
    """Why the customer does not take the offer."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=RejectReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Why does the customer not take the offer?")},
    )
    note = forms.CharField(
        label=_("Note"), max_length=255, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(Form):
    """Granting or refusing a discount."""

    decision = forms.ChoiceField(
        choices=[("grant", _("Grant")), ("refuse", _("Refuse"))], widget=forms.HiddenInput
    )
    reason = forms.CharField(label=_("Note for the agent"), max_length=255, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a word of explanation with a refusal."""
        data = super().clean() or self.cleaned_data
        if data.get("decision") == "refuse" and not data.get("reason"):
            self.add_error("reason", _("Say why, so that the agent can tell the customer."))
        return data


class FilterForm(Form):
    """Which quotations the list shows."""

    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("All")), *QuotationStatus.choices], required=False
    )
    mine = forms.BooleanField(label=_("Only mine"), required=False)
