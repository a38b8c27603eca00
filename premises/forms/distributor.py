"""Who runs the grid at a point of delivery, from when on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from premises.models import ServiceProvider
from premises.queries import distributors
from tenants.queries import current_profile
from utilcrm.web.forms import Form


class DistributorForm(Form):
    """One of the market's distributors of the division, and a first day."""

    distributor = forms.ChoiceField(label=_("Distributor"))
    valid_from = forms.DateField(label=_("Valid from"))

    def __init__(self, *args: Any, division: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = distributors(market=current_profile().market, division=division)
        self.known = {str(row.uuid): row for row in rows}
        choices = [("", "–"), *((key, row.name) for key, row in self.known.items())]
        self.fields["distributor"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> ServiceProvider:
        """Return the distributor; only after `is_valid`."""
        return self.known[self.cleaned_data["distributor"]]
