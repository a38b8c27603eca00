"""The new place: which premise, which points of delivery, which meters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import ItemRole, ItemStatus, ProcessKind
from contracts.forms.processes.base import ProcessForm, as_json, register_form
from contracts.forms.processes.moving import reading_field
from contracts.models import ContractItem
from contracts.services.processes.meters import described_meter
from contracts.services.processes.moving import new_place, pods_at
from contracts.services.processes.reactivating import last_ended
from contracts.services.processes.shapes import ProcessRefused
from devices.choices import Rate
from devices.models import DeviceInfoRecord
from premises.models import PointOfDelivery, Premise
from quotations.services.metering import usual_registers
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed
from utilcrm import clock


@register_form(ProcessKind.TRANSFER, step="where")
class NewPlace(ProcessForm):
    """The premise, found by the premises' own finder, which leads back here."""

    template_name_step = "contracts/processes/_new_place.html"
    from_address = {"premise": "new_premise"}

    new_premise = forms.CharField(
        label=gettext_lazy("New place"),
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Choose the place that the customer moves to.")},
    )

    def clean_new_premise(self) -> str:
        """Refuse what is no premise, or another kind of customer's."""
        value = str(self.cleaned_data["new_premise"])
        try:
            new_place(self.process, {"new_premise": value})
        except (ProcessRefused, ValueError) as exc:
            raise forms.ValidationError(_("Choose another premise.")) from exc
        return value

    @property
    def place(self) -> Premise | None:
        """Return the premise that is chosen, for the screen."""
        value = self["new_premise"].value()
        return _place(self, value) if value else None

    @property
    def is_waiting(self) -> bool:
        """Whether the place has to be found first."""
        return self.place is None

    def more_lines(self) -> list[tuple[str, str]]:
        """Return the address of the place."""
        place = self.place
        return [(str(self.fields["new_premise"].label), place.address_line)] if place else []


class MeterForm(ProcessForm):
    """One meter a division: number, rate, and the reading at the start, where we type them."""

    template_name_step = ""

    def prepare(self) -> None:
        """Look up for which points of delivery meters are needed."""
        self.wanted: dict[str, list[PointOfDelivery]] = self.places()
        self.is_typed = typed_meter_data_allowed(current_profile())

    def places(self) -> dict[str, list[PointOfDelivery]]:
        """Return the points of delivery to choose from, by division."""
        return {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for division, pods in self.wanted.items():
            self._add_pod(division.lower(), pods)
            if self.is_typed and pods:
                self._add_meter(division, pods)

    def _add_pod(self, key: str, pods: list[PointOfDelivery]) -> None:
        if len(pods) > 1:
            self.fields[f"pod_{key}"] = forms.ChoiceField(
                label=_("Point of delivery"),
                choices=[(str(pod.uuid), str(pod)) for pod in pods],
                widget=forms.Select(attrs={"class": "input select"}),
            )

    def _add_meter(self, division: str, pods: list[PointOfDelivery]) -> None:
        key, label = division.lower(), pods[0].get_division_display()
        known = described_meter(pods[0], clock.today())
        self.fields[f"serial_{key}"] = forms.CharField(
            label=_("Meter number (%(division)s)") % {"division": label},
            max_length=18,
            initial=known.serial_number if known else "",
        )
        self.fields[f"rate_{key}"] = forms.ChoiceField(
            label=_("Rate"), choices=Rate.choices, initial=self._rate(known)
        )
        always = {one.code for one in usual_registers(division, Rate.SINGLE)}
        for register in usual_registers(division, Rate.DOUBLE):
            text = _("Reading at the start, register %(code)s") % {"code": register.code}
            field: Any = reading_field(register, text)
            field.is_needed = register.code in always
            field.help_text = "" if field.is_needed else _("Only where the meter has two rates.")
            self.fields[f"reading_{key}_{register.code}"] = field
        self.fields[f"serial_{key}"].widget.attrs["class"] = "input"
        self.fields[f"rate_{key}"].widget.attrs["class"] = "input select"

    def _rate(self, known: DeviceInfoRecord | None) -> str:
        return known.rate if known else Rate.SINGLE

    def clean(self) -> dict[str, Any]:
        """Ask for one reading a register of the rate."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.is_typed:
            return cleaned
        for division, pods in self.wanted.items():
            key = division.lower()
            rate = cleaned.get(f"rate_{key}") or Rate.SINGLE
            for register in usual_registers(division, rate) if pods else ():
                name = f"reading_{key}_{register.code}"
                value = cleaned.get(name)
                if value is None and name not in self.errors:
                    self.add_error(name, _("Enter the reading at the start."))
                elif value is not None and value >= 10**register.digits:
                    self.add_error(name, _("The register has fewer digits."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return points of delivery and meters by division."""
        pods: dict[str, str] = {}
        meters: dict[str, dict[str, Any]] = {}
        for division, choices in self.wanted.items():
            key = division.lower()
            if f"pod_{key}" in self.cleaned_data:
                pods[division] = self.cleaned_data[f"pod_{key}"]
            if self.is_typed and choices:
                meters[division] = self._meter(division, key)
        return {"pods": pods, "meters": meters}

    def _meter(self, division: str, key: str) -> dict[str, Any]:
        rate = self.cleaned_data[f"rate_{key}"]
        return {
            "serial": self.cleaned_data[f"serial_{key}"],
            "rate": rate,
            "readings": {
                one.code: as_json(self.cleaned_data[f"reading_{key}_{one.code}"])
                for one in usual_registers(division, rate)
            },
        }


@register_form(ProcessKind.TRANSFER, step="meters")
class NewMeters(MeterForm):
    """The meters at the new place, and the customer's consent."""

    has_consented = forms.BooleanField(
        label=gettext_lazy("The customer agrees to the contract at the new place"),
        help_text=gettext_lazy("Same product, same prices. The consent is recorded with it."),
    )

    def places(self) -> dict[str, list[PointOfDelivery]]:
        """Return what the new place has, for the divisions that the customer takes along."""
        typed = self.process.data.get("where", {}).get("new_premise") or [""]
        place = _place(self, typed[-1])
        there = pods_at(place) if place else {}
        return {division: there.get(division, []) for division in _divisions(self)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "has_consented"])

    def clean(self) -> dict[str, Any]:
        """Say so if the new place lacks a point of delivery."""
        cleaned = super().clean()
        for division, pods in self.wanted.items():
            if not pods:
                self.add_error(
                    None,
                    _("The new place has no point of delivery for %(division)s. Create it first.")
                    % {"division": division.lower()},
                )
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Add the consent."""
        return {**super().facts(), "has_consented": True}


@register_form(ProcessKind.REACTIVATION, step="again")
class Again(MeterForm):
    """When supply begins again, and what the meter shows then."""

    starts_on = forms.DateField(
        label=gettext_lazy("Supply again from"),
        help_text=gettext_lazy("The day on which the contract ended, or later."),
    )
    has_consented = forms.BooleanField(
        label=gettext_lazy("The customer agrees to be supplied again")
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def places(self) -> dict[str, list[PointOfDelivery]]:
        """Return where the contract ended."""
        contract = self.process.contract
        self.ended: list[ContractItem] = last_ended(contract) if contract else []
        return {item.division: [item.pod] for item in self.ended if item.role == ItemRole.SUPPLY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [item.ends_on for item in self.ended if item.ends_on]
        if days:
            self.fields["starts_on"].initial = max(days)
        behind = ("has_consented", "note")
        self.order_fields([name for name in self.fields if name not in behind])

    def facts(self) -> dict[str, Any]:
        """Add date, consent and note."""
        cleaned = self.cleaned_data
        return {
            **super().facts(),
            "starts_on": as_json(cleaned["starts_on"]),
            "has_consented": True,
            "note": cleaned["note"],
        }


@register_form(ProcessKind.WITHDRAWAL, step="declared")
class Declaration(ProcessForm):
    """When the customer declared the withdrawal."""

    declared_on = forms.DateField(
        label=gettext_lazy("Declared on"),
        initial=clock.today,
        help_text=gettext_lazy("The day on which the customer told us, or sent the letter."),
    )
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The customer need not give one."),
    )


def _place(form: ProcessForm, value: str) -> Premise | None:
    try:
        return new_place(form.process, {"new_premise": value})
    except (ProcessRefused, ValueError):
        return None


def _divisions(form: ProcessForm) -> list[str]:
    contract = form.process.contract
    if contract is None:
        return []
    chosen = form.process.data.get("when", {}).get("contracts") or [str(contract.uuid)]
    rows = ContractItem.objects.filter(
        contract__uuid__in=chosen, contract__account=form.process.account
    ).exclude(status__in=[ItemStatus.ENDED, ItemStatus.CANCELLED])
    return sorted(set(rows.values_list("division", flat=True)))
