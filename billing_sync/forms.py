"""Forms of the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import SEARCH_TYPES, DifferenceKind, ObjectType
from utilcrm.web.forms import Form


class UnbilledFilter(Form):
    """For how long nothing was billed."""

    USUAL = 60

    days = forms.ChoiceField(
        label=_("Not billed for more than"),
        required=False,
        choices=[
            ("60", _("60 days")),
            ("120", _("120 days")),
            # a year's bill and the weeks that it may take
            ("400", _("400 days")),
        ],
    )


class RetryRejectsForm(Form):
    """Which rejects to try again."""

    object_type = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("All")),
            *[choice for choice in ObjectType.choices if choice[0] not in SEARCH_TYPES],
        ],
    )


class DifferenceFilter(Form):
    """Narrows the list of differences."""

    kind = forms.ChoiceField(
        label=_("Difference"), required=False, choices=[("", _("All")), *DifferenceKind.choices]
    )
    object_type = forms.ChoiceField(
        label=_("Type"),
        required=False,
        choices=[
            ("", _("All")),
            *[choice for choice in ObjectType.choices if choice[0] not in SEARCH_TYPES],
        ],
    )


class RepairForm(Form):
    """How a difference is repaired."""

    way = forms.ChoiceField(
        label=_("Repair"),
        widget=forms.RadioSelect,
        choices=[
            ("fetch", _("Fetch the ERP's state")),
            ("send", _("Send our state to the ERP")),
            ("dispute", _("Open a conflict: somebody decides")),
        ],
    )


class BulkRepairForm(RepairForm):
    """How several differences are repaired: those chosen, or all of a kind."""

    kind = forms.ChoiceField(
        label=_("Difference"),
        required=False,
        choices=[("", _("The chosen ones")), *DifferenceKind.choices],
    )


class NoFields(Form):
    """An operation that needs no more than the click."""


class InstalmentForm(Form):
    """What is to be paid a month."""

    amount = forms.DecimalField(
        label=_("Monthly instalment"), min_value=0, max_digits=12, decimal_places=2
    )


class MonthInput(forms.TextInput):
    """A month to pick; a plain text such as 2026-01 in a browser that has nothing to pick it by."""

    input_type = "month"


class LookForRunsForm(Form):
    """Which months to ask the ERP for; the last ones where nothing is said."""

    first = forms.DateField(
        label=_("From the month"),
        required=False,
        input_formats=["%Y-%m"],
        widget=MonthInput,
        help_text=_("Year and month, such as 2026-01. Empty: the last months."),
    )
    last = forms.DateField(
        label=_("To the month"),
        required=False,
        input_formats=["%Y-%m"],
        widget=MonthInput,
    )

    def clean(self) -> dict[str, Any]:
        """Say no to a span that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("This month lies before the first one."))
        return cleaned


class SetAsideForm(Form):
    """Why a rejected line needs nothing more."""

    note = forms.CharField(label=_("Reason"), max_length=200)
