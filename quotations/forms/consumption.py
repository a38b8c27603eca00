"""What a supply is expected to consume."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from products.choices import Dwelling
from quotations.choices import ConsumptionSource
from quotations.models import QuotationItem
from quotations.services.configuring import ConsumptionInput
from utilcrm.web.forms import Form

HIGHEST_KWH = 100_000_000
FACTS = {
    "annual_kwh": ConsumptionSource.STATED,
    "persons": ConsumptionSource.PERSONS,
    "floor_area": ConsumptionSource.FLOOR_AREA,
    "dwelling": ConsumptionSource.DWELLING,
}
"""Which field each source rests on."""


class ConsumptionForm(Form):
    """Stated from a bill, or estimated from one of three facts."""

    source = forms.ChoiceField(
        label=_("Known from"), choices=ConsumptionSource.choices, widget=forms.RadioSelect
    )
    annual_kwh = forms.IntegerField(
        label=_("kWh per year"), min_value=1, max_value=HIGHEST_KWH, required=False
    )
    persons = forms.IntegerField(label=_("Persons"), min_value=1, max_value=20, required=False)
    floor_area = forms.IntegerField(
        label=_("Floor area"), min_value=10, max_value=60_000, required=False
    )
    dwelling = forms.ChoiceField(
        label=_("Kind of home"), choices=[("", "–"), *Dwelling.choices], required=False
    )

    def __init__(self, *args: Any, segment: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.segment = segment
        if segment == SegmentCode.CORPORATE:
            del self.fields["persons"]
            del self.fields["dwelling"]
            self.fields["source"].choices = [  # type: ignore[attr-defined]
                (source.value, source.label)
                for source in (ConsumptionSource.STATED, ConsumptionSource.FLOOR_AREA)
            ]

    def clean(self) -> dict[str, Any]:
        """Take the one fact that was just typed for the source, if the source was left alone."""
        data = super().clean() or self.cleaned_data
        if "source" not in self.changed_data:
            typed = [FACTS[name] for name in self.changed_data if data.get(name)]
            if len(typed) == 1:
                data["source"] = typed[0]
        return data

    def as_input(self) -> ConsumptionInput:
        """Return what the service takes."""
        data = self.cleaned_data
        return ConsumptionInput(
            source=data["source"],
            annual_kwh=data["annual_kwh"],
            persons=data.get("persons"),
            floor_area=data["floor_area"],
            dwelling=data.get("dwelling", ""),
        )


def consumption_initial(item: QuotationItem) -> dict[str, Any]:
    """Return what the form shows for an item."""
    return {
        "source": item.consumption_source,
        "annual_kwh": item.expected_annual_kwh,
        "persons": item.persons,
        "floor_area": item.floor_area,
        "dwelling": item.dwelling,
    }
