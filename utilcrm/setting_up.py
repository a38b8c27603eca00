"""
What a company must have in place before it can sell, and what it may take over from another.

`utilcrm.tenant_setup` is the page that names, app by app, how a new tenant's rows are made, what
must be in place (`Check`), and which settings travel between tenants (`Part`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import import_string

Text = str | Promise
Row = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """What a look at one line of the check list found, in plain words."""

    is_ok: bool
    text: Text


@dataclass(frozen=True)
class Check:
    """
    One line of the check list.

    `look` is the dotted path of a function that returns a finding; `admin` is the model, as in
    "products/product", in whose admin a person mends what is missing.
    """

    key: str
    label: Text
    look: str
    admin: str = ""

    def found(self) -> Finding:
        """Look now, in the tenant entered."""
        finding: Finding = import_string(self.look)()
        return finding


@dataclass(frozen=True)
class Part:
    """
    Settings of one kind that can be exported and imported.

    `read` gives rows of plain JSON values, `same` the names that identify a row in any tenant,
    `write` creates or changes one row and raises ValueError with a plain reason if it cannot.
    Secrets are never part of a row.
    """

    key: str
    label: Text
    same: tuple[str, ...]
    read: Callable[[], list[Row]]
    write: Callable[[Row], None]

    def name_of(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what identifies a row."""
        return tuple(str(row.get(name, "")) for name in self.same)


def checks() -> Sequence[Check]:
    """Return the check list of a tenant, in order."""
    lines: Sequence[Check] = _wiring().CHECKS
    return lines


def found_tenant() -> None:
    """Make, in the tenant entered, what every tenant starts with; safe to repeat."""
    for path in _wiring().FOUNDERS:
        import_string(path)()


def parts() -> list[Part]:
    """Return what can be exported and imported, in the order in which it can be written."""
    return [part for path in _wiring().PARTS for part in import_string(path)()]


def _wiring() -> Any:
    # By name, because the wiring stands above everything that asks for it.
    return import_module("utilcrm.tenant_setup")


def part_of(
    model: type[models.Model],
    *,
    key: str,
    label: Text,
    same: tuple[str, ...],
    others: tuple[str, ...],
) -> Part:
    """
    Return the part that travels as a model's rows.

    `same` and `others` name fields; `product__code` stands for the related row with that code,
    which must be there already.
    """

    def read() -> list[Row]:
        names = (*same, *others)
        return [dict(row) for row in model._default_manager.order_by(*same).values(*names)]

    def write(row: Row) -> None:
        known = model._default_manager.filter(**{name: row[name] for name in same}).first()
        record = known or model()
        for name in (*same, *others):
            field, _separator, natural = name.partition("__")
            setattr(record, field, _related(model, field, natural, row) if natural else row[name])
        try:
            record.full_clean()
        except ValidationError as exc:
            raise ValueError("; ".join(exc.messages)) from exc
        record.save()

    return Part(key, label, same, read, write)


def _related(model: type[models.Model], field: str, natural: str, row: Row) -> Any:
    value = row[f"{field}__{natural}"]
    if value in (None, ""):
        return None
    target: Any = model._meta.get_field(field).related_model
    found = target._default_manager.filter(**{natural: value}).first()
    if found is None:
        raise ValueError(f"{target._meta.verbose_name} {value} ?")
    return found
