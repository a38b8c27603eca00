"""What is asked when a case is opened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, BusinessAgreement
from billing_sync.models import Bill
from contracts.choices import ItemRole
from contracts.models import ContractItem
from service.choices import Channel
from service.forms import long_text
from service.models import CaseClass
from service.queries.cases import classes_offered
from utilcrm import clock
from utilcrm.web.forms import DateInput, Form

_MOST = 50
_BILLS = 12
_OLDEST = dt.timedelta(days=3 * 366)


class OpenCaseForm(Form):
    """One case of one customer; what is known of the contact is filled in already."""

    case_class = forms.ModelChoiceField(
        label=_("Class"), queryset=CaseClass.objects.none(), to_field_name="code"
    )
    subject = forms.CharField(label=_("What it is about"), max_length=160)
    text = long_text(_("What the customer says"), rows=4, required=False)
    channel = forms.ChoiceField(label=_("Came by"), choices=Channel.choices)
    received_on = forms.DateField(
        label=_("Received on"),
        widget=DateInput(),
        help_text=_("The clock starts on this day, not on the day of typing."),
    )
    agreement = forms.ModelChoiceField(
        label=_("Business agreement"),
        queryset=BusinessAgreement.objects.none(),
        required=False,
        to_field_name="uuid",
    )
    contract_item = forms.ModelChoiceField(
        label=_("Supply"),
        queryset=ContractItem.objects.none(),
        required=False,
        to_field_name="uuid",
    )
    bill_number = forms.ChoiceField(label=_("Bill"), required=False)
    bill_line = forms.CharField(label=_("Line of the bill"), max_length=160, required=False)
    is_mine = forms.BooleanField(label=_("I work on it myself"), required=False)
    send_receipt = forms.BooleanField(
        label=_("Send the receipt at once"),
        required=False,
        help_text=_("Only classes that owe a receipt send one."),
    )

    def __init__(self, *args: Any, account: Account, bill: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case_class"].queryset = CaseClass.objects.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["case_class"].choices = _grouped()  # type: ignore[attr-defined]
        self.fields["agreement"].queryset = account.agreements.order_by("-is_default", "id")  # type: ignore[attr-defined]
        supplies: Any = self.fields["contract_item"]
        supplies.queryset = _supplies(account)
        supplies.label_from_instance = _supply_label
        self.fields["bill_number"].choices = [("", "–"), *_bills(account, bill)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a line of no bill."""
        cleaned = super().clean() or {}
        if cleaned.get("bill_line") and not cleaned.get("bill_number"):
            self.add_error("bill_number", _("Choose the bill that the line is on."))
        return cleaned

    def clean_received_on(self) -> dt.date:
        """Refuse a day to come, and a slip of the finger in the year."""
        day: dt.date = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("It cannot have come in the future."))
        if day < clock.today() - _OLDEST:
            raise forms.ValidationError(_("That is more than three years ago."))
        return day


def _grouped() -> list[Any]:
    """Return the classes under their kinds, so that a first letter finds them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in classes_offered():
        groups.setdefault(str(one.get_kind_display()), []).append((one.code, one.label))
    return [("", "–"), *groups.items()]


def _supplies(account: Account) -> Any:
    """Return the customer's supplies; a chain's hundreds of sites are cut off, not loaded."""
    rows = ContractItem.objects.filter(contract__account=account, role=ItemRole.SUPPLY)
    newest = list(rows.order_by("-starts_on", "-id").values_list("pk", flat=True)[:_MOST])
    return (
        ContractItem.objects.filter(pk__in=newest)
        .select_related("product", "pod__premise__connection_object", "contract")
        .order_by("-starts_on", "-id")
    )


def _supply_label(item: ContractItem) -> str:
    return f"{item.get_division_display()}, {item.pod.premise.address_line}"


def _bills(account: Account, named: str) -> list[tuple[str, str]]:
    """Return the customer's last bills, and the one that the address names, however old."""
    bills = Bill.objects.filter(agreement__account=account)
    rows = list(bills.order_by("-issued_on", "-id")[:_BILLS])
    if named and all(row.number != named for row in rows):
        rows += bills.filter(number=named)[:1]
    return [(row.number, _bill_label(row)) for row in rows]


def _bill_label(bill: Bill) -> str:
    days = [date_format(one, "SHORT_DATE_FORMAT") for one in (bill.period_from, bill.last_day)]
    return f"{bill.number}, {' – '.join(days)}"
