"""Forms of the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import SEARCH_TYPES, ArrangementKind, DifferenceKind, ObjectType
from billing_sync.models import OpenItem
from utilcrm.money import format_money
from utilcrm.web.forms import DateInput, Form


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


class OpenItemsForm(Form):
    """Which open items are meant."""

    items = forms.MultipleChoiceField(
        label=_("Open items"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, items: list[OpenItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_items = {item.document: item for item in items}
        self.fields["items"].choices = [(item.document, _item_label(item)) for item in items]  # type: ignore[attr-defined]

    def chosen(self) -> list[OpenItem]:
        """Return the open items that were chosen."""
        return [self.open_items[document] for document in self.cleaned_data["items"]]


class PaymentForm(OpenItemsForm):
    """What is debited from the bank account, and when."""

    first_due = forms.DateField(label=_("Debited on"), widget=DateInput())


class ArrangementForm(OpenItemsForm):
    """What is to be paid later, by when, and in how many parts."""

    kind = forms.ChoiceField(
        label=_("How"),
        choices=[
            (kind.value, kind.label)
            for kind in (ArrangementKind.DEFERRAL, ArrangementKind.INSTALMENT_PLAN)
        ],
        widget=forms.RadioSelect,
    )
    first_due = forms.DateField(label=_("First payment due on"), widget=DateInput())
    parts = forms.IntegerField(
        label=_("Number of monthly payments"),
        min_value=1,
        max_value=12,
        required=False,
        help_text=_("For a plan of instalments: 2 to 12."),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=255, help_text=_("What the customer has told you.")
    )


def _item_label(item: OpenItem) -> str:
    amount = format_money(item.amount, item.currency, get_language() or "en")
    return f"{item.description}, {amount}, {date_format(item.due_on, 'SHORT_DATE_FORMAT')}"
