"""What the report of a script is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.queries.guidance.report import Period
from utilcrm.web.forms import DateInput, Form


class PeriodForm(Form):
    """Days of the tenant's calendar, both included."""

    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput())
    last = forms.DateField(label=gettext_lazy("To"), required=False, widget=DateInput())

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))
        return cleaned

    @property
    def period(self) -> Period:
        """Return the period; an invalid one narrows nothing."""
        if not self.is_bound or not self.is_valid():
            return Period()
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])
