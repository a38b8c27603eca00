"""What the forms of all steps have in common, and which form belongs to which step."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import Model
from django.http import QueryDict

from contracts.models import ContractProcess
from utilcrm.web.forms import Form

T = TypeVar("T", bound="type[ProcessForm]")


class ProcessForm(Form):
    """
    One step of a process.

    What is typed is kept as typed; `facts` is what it means, as JSON. `template_name_step` may
    name a partial template that lays the fields out; otherwise they come one after the other.
    """

    template_name_step = ""
    is_optional = False
    """Whether the step is in order when nobody has opened it."""
    from_address: ClassVar[Mapping[str, str]] = {}
    """Which field takes over which value of the address, when another page leads back here."""

    def __init__(self, *args: Any, process: ContractProcess, **kwargs: Any) -> None:
        self.process = process
        self.prepare()
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Look up what the fields depend on; runs before they are made."""

    @property
    def is_waiting(self) -> bool:
        """Whether something else has to be done before one can go on from here."""
        return False

    def more_lines(self) -> list[tuple[str, str]]:
        """Return what the review shows beside the visible fields, as label and value."""
        return []

    def facts(self) -> dict[str, Any]:
        """Return what was typed, cleaned, as JSON; only after `is_valid`."""
        return {name: as_json(value) for name, value in self.cleaned_data.items()}


FORMS: dict[tuple[str, str], type[ProcessForm]] = {}


def register_form(*kinds: str, step: str) -> Callable[[T], T]:
    """Use a form for a step of these kinds of processes."""

    def register(form_class: T) -> T:
        for kind in kinds:
            FORMS[kind, step] = form_class
        return form_class

    return register


def load_forms() -> None:
    """Import every module of this package, so that each form is registered."""
    package = importlib.import_module("contracts.forms.processes")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def as_json(value: Any) -> Any:
    """Return a cleaned value as JSON: dates in ISO form, numbers as text, records by UUID."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Model):
        return str(getattr(value, "uuid", value.pk))
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value


def typed_in(form: forms.Form, data: QueryDict) -> dict[str, list[str]]:
    """Return what was typed into a form's fields, as typed."""
    names = [form.add_prefix(name) for name in form.fields]
    return {name: [str(one) for one in data.getlist(name)] for name in names if name in data}


def bound_to(typed: Mapping[str, list[str]]) -> QueryDict:
    """Return what was typed as the data of a form."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def initial_of(form_class: type[ProcessForm], typed: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what was typed as what a form shows first, errors aside."""
    found: dict[str, Any] = {}
    for name, values in typed.items():
        field = form_class.base_fields.get(name)
        many = isinstance(field, forms.MultipleChoiceField)
        found[name] = list(values) if many else (values[-1] if values else "")
    return found
