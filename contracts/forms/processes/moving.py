"""The steps of a move: when, by which reading, where to, and where the final bill goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import PaymentMethod
from contracts.choices import ItemRole, ProcessKind
from contracts.forms.processes.base import ProcessForm, as_json, register_form
from contracts.models import Contract, ContractItem
from contracts.services.processes.final_bill import ESTIMATE, READ
from contracts.services.processes.live import contracts_at, live_items
from contracts.services.processes.meters import reading_of, registers_at
from contracts.services.processes.shapes import ProcessRefused
from devices.models import Register
from utilcrm import clock
from utilcrm.identifiers import InvalidIdentifier
from utilcrm.identifiers.addresses import is_country, validate_postcode

_DECIMAL = {"class": "input", "inputmode": "decimal", "autocomplete": "off"}


def reading_field(register: Any, label: str) -> forms.DecimalField:
    """Return the field of one counter."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=6,
        localize=True,
        widget=forms.TextInput(attrs=_DECIMAL),
    )


class DateAndReadings(ProcessForm):
    """When a customer leaves, which contracts end, and what the meters show then."""

    moved_on = forms.DateField(
        label=gettext_lazy("First day without supply"),
        help_text=gettext_lazy("The day before is the customer's last day here."),
    )
    contracts = forms.MultipleChoiceField(
        label=gettext_lazy("Contracts that end"), widget=forms.CheckboxSelectMultiple
    )
    reading_mode = forms.ChoiceField(
        label=gettext_lazy("Final reading"),
        choices=[
            (READ, gettext_lazy("The customer tells the reading")),
            (ESTIMATE, gettext_lazy("The ERP estimates it")),
        ],
        widget=forms.RadioSelect,
        initial=READ,
    )

    def prepare(self) -> None:
        """Look up what the account has at the premise of the contract, and the counters there."""
        self.offered = self._contracts()
        self.counters: dict[str, tuple[ContractItem, Register]] = {}
        for contract in self.offered:
            for item in live_items(contract, roles=[ItemRole.SUPPLY]):
                for register in registers_at(item.pod, clock.today()):
                    self.counters[f"read_{item.pk}_{register.code}"] = (item, register)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = str(self.process.contract.uuid) if self.process.contract else ""
        field: Any = self.fields["contracts"]
        field.choices = [(str(one.uuid), _label(one)) for one in self.offered]
        field.initial = [str(one.uuid) for one in self.offered] or [own]
        for name, (item, register) in self.counters.items():
            label = _("Reading of %(division)s, register %(code)s (%(rate)s)") % {
                "division": item.get_division_display(),
                "code": register.code,
                "rate": register.get_rate_type_display(),
            }
            self.fields[name] = reading_field(register, label)
        if not self.counters:
            mode: Any = self.fields["reading_mode"]
            mode.choices = [(ESTIMATE, gettext_lazy("The ERP estimates it"))]
            mode.initial = ESTIMATE

    def clean(self) -> dict[str, Any]:
        """Ask for a reading of every counter of what ends, unless it is estimated."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reading_mode") != READ:
            return cleaned
        chosen = set(cleaned.get("contracts") or ())
        for name, (item, register) in self.counters.items():
            if str(item.contract.uuid) not in chosen:
                continue
            value = cleaned.get(name)
            if value is None and name not in self.errors:
                self.add_error(name, _("Enter the reading, or let the ERP estimate it."))
            elif value is not None:
                try:
                    reading_of(value, digits=register.digits, field=name)
                except ProcessRefused as exc:
                    self.add_error(name, str(exc))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return the readings by item and register."""
        cleaned = self.cleaned_data
        readings: dict[str, dict[str, str]] = {}
        if cleaned["reading_mode"] == READ:
            for name, (item, register) in self.counters.items():
                if cleaned.get(name) is not None:
                    readings.setdefault(str(item.uuid), {})[register.code] = as_json(cleaned[name])
        return {
            "moved_on": as_json(cleaned["moved_on"]),
            "contracts": cleaned["contracts"],
            "reading_mode": cleaned["reading_mode"],
            "readings": readings,
        }

    def _contracts(self) -> list[Contract]:
        contract = self.process.contract
        if contract is None:
            return []
        first = contract.items.select_related("pod__premise").order_by("position").first()
        if first is None:
            return [contract]
        found = contracts_at(self.process.account_id, first.pod.premise)
        return found if contract in found else [contract, *found]


class FinalBill(ProcessForm):
    """Where the final bill goes, and how it is paid."""

    template_name_step = "contracts/processes/_final_bill.html"

    street = forms.CharField(
        label=gettext_lazy("Street"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    house_number = forms.CharField(
        label=gettext_lazy("House number"), max_length=10, required=False
    )
    flat = forms.CharField(label=gettext_lazy("Flat"), max_length=35, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=10)
    town = forms.CharField(label=gettext_lazy("Town"), max_length=80)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=2,
        min_length=2,
        help_text=gettext_lazy("Two letters, such as GB."),
    )
    payment_method = forms.ChoiceField(
        label=gettext_lazy("The final bill is paid by"), choices=PaymentMethod.choices
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].initial = self.process.account.country
        contract = self.process.contract
        agreement = contract.business_agreement if contract else None
        if agreement is not None:
            self.fields["payment_method"].initial = agreement.payment_method

    def clean_country(self) -> str:
        """Write a country as two capitals; there has to be one of that name."""
        country = str(self.cleaned_data["country"]).upper()
        if not is_country(country):
            raise forms.ValidationError(_("There is no country with these two letters."))
        return country

    def clean(self) -> dict[str, Any]:
        """Write the postcode as its country does."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("country") and cleaned.get("postcode"):
            try:
                cleaned["postcode"] = validate_postcode(cleaned["postcode"], cleaned["country"])
            except InvalidIdentifier as refused:
                self.add_error("postcode", refused.reason)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return the address apart."""
        cleaned = self.cleaned_data
        names = ("street", "house_number", "flat", "postcode", "town", "country")
        return {
            "forwarding_address": {name: cleaned[name] for name in names},
            "payment_method": cleaned["payment_method"],
            "note": cleaned["note"],
        }


register_form(ProcessKind.MOVE_OUT, ProcessKind.TRANSFER, step="when")(DateAndReadings)
register_form(ProcessKind.MOVE_OUT, ProcessKind.TRANSFER, step="bill")(FinalBill)


def _label(contract: Contract) -> str:
    item = contract.items.order_by("position").first()
    what = f"{item.get_division_display()} · {item.product_name}" if item else ""
    return f"{contract.number} · {what}".strip(" ·")
