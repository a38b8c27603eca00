"""Forms of the back office."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import SEARCH_TYPES, DifferenceKind, ObjectType
from utilcrm.web.forms import Form


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
