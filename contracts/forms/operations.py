"""The forms that post one operation on a contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessAgreement
from contracts.models import Contract, ContractItemRegister
from contracts.services.amending import Amendment
from utilcrm.web.forms import Form


class NoFieldsForm(Form):
    """An operation that needs nothing but the decision."""


class LinkForm(Form):
    """Where a link to sign goes."""

    sent_to = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Every link that was sent before stops working."),
    )


class WithdrawForm(Form):
    """Why a contract is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UploadForm(Form):
    """A file, and what it is."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, JPEG, PNG or DOCX, up to 10 MB."))
    title = forms.CharField(label=_("What is it?"), max_length=200, required=False)


class AmendForm(Form):
    """What may change before the signature; one field a register, as the contract has them."""

    starts_on = forms.DateField(label=_("Start of supply"))
    meter_serial = forms.CharField(label=_("Meter number"), max_length=30, required=False)
    business_agreement = forms.ChoiceField(label=_("Business agreement"), required=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        self.agreements = {
            str(one.uuid): one for one in BusinessAgreement.objects.filter(account=contract.account)
        }
        readings = _registers(contract)
        super().__init__(*args, **kwargs)
        choices = [(key, _label(one)) for key, one in self.agreements.items()]
        self.fields["business_agreement"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]
        for code, label in readings:
            self.fields[f"reading_{code}"] = _reading_field(label, keep=kwargs.get("keep_initial"))

    def amendment(self) -> Amendment:
        """Return what the contract shall say; only after `is_valid`."""
        facts = self.cleaned_data
        readings: dict[str, Decimal | None] = {
            name.removeprefix("reading_"): value
            for name, value in facts.items()
            if name.startswith("reading_")
        }
        return Amendment(
            starts_on=facts["starts_on"],
            meter_serial=facts["meter_serial"].strip(),
            business_agreement=self.agreements.get(facts["business_agreement"]),
            readings=readings,
        )


def present_values(contract: Contract) -> dict[str, Any]:
    """Return what the contract says now, in the shape of the form."""
    item = contract.items.order_by("position").prefetch_related("registers").first()
    if item is None:
        return {}
    agreement = contract.business_agreement
    return {
        "starts_on": item.starts_on,
        "meter_serial": item.meter_serial,
        "business_agreement": str(agreement.uuid) if agreement else "",
        **{f"reading_{one.code}": _as_read(one) for one in item.registers.all()},
    }


def _as_read(register: ContractItemRegister) -> Decimal | None:
    """Return a reading with as many decimals as the meter shows."""
    reading = register.move_in_reading
    if reading is None:
        return None
    return Decimal(reading).quantize(Decimal(1).scaleb(-register.decimals))


def _registers(contract: Contract) -> list[tuple[str, str]]:
    item = contract.items.order_by("position").prefetch_related("registers").first()
    if item is None:
        return []
    return [
        (one.code, f"{one.get_rate_type_display()} ({one.get_unit_display()})")
        for one in sorted(item.registers.all(), key=lambda one: one.code)
    ]


def _reading_field(label: str, *, keep: Any) -> forms.Field:
    field = forms.DecimalField(
        label=_("Reading at the start: %(register)s") % {"register": label},
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=3,
        localize=True,
        widget=forms.TextInput(
            attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off"}
        ),
    )
    field.show_hidden_initial = bool(keep)
    return field


def _label(agreement: BusinessAgreement) -> str:
    return f"{agreement.number} · {agreement.get_payment_method_display()}"
