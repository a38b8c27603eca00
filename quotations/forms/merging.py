"""The forms of the quotation screen as the record stands, to tell two people's edits apart."""

from __future__ import annotations

from typing import Any

from quotations.forms.conditions import ConditionsForm
from quotations.forms.consumption import ConsumptionForm
from quotations.forms.meter import MeterForm
from quotations.forms.start_reading import StartReadingForm
from utilcrm.web.forms import Form


def form_facts(key: str) -> dict[str, Any]:
    """Return what keeps the ids of one section's fields apart from the others'."""
    return {"keep_initial": True, "auto_id": f"{key}-%s"}


def fresh_form(form: Form) -> Form:
    """Return the same form, unbound, with the record's present values."""
    key = str(form.auto_id).removesuffix("-%s")
    return type(form)(initial=form.initial, **_arguments(form), **form_facts(key))


def _arguments(form: Form) -> dict[str, Any]:
    """Return the arguments of a section's form beside its values."""
    if isinstance(form, ConditionsForm):
        return {"items": form.items, "agreements": form.agreements.values()}
    if isinstance(form, MeterForm):
        return {"division": form.division, "registers_of": form.shown_rate}
    if isinstance(form, StartReadingForm):
        return {"registers": form.registers}
    if isinstance(form, ConsumptionForm):
        return {"segment": form.segment}
    return {}
