"""Forms about the protection from disconnection."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import VulnerabilityKind
from utilcrm.web.forms import DateInput, Form


class ProtectionForm(Form):
    """Why a customer is protected, and since when; no details of health are asked for."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *VulnerabilityKind.choices])
    since = forms.DateField(label=_("Since"), widget=DateInput())


class EndProtectionForm(Form):
    """The protection ends today; there is nothing to fill in."""
