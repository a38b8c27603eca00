"""Guess which column is which field, and what its values stand for; keep mappings for later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from django.db import transaction

from migration_import.choices import BY_KEY, FIELDS
from migration_import.choices.headers import CODES, HEADERS
from migration_import.models import FileImport, SavedMapping
from utilcrm.identifiers.addresses import fold

_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


def folded(text: str) -> str:
    """Return a header or a code as it is compared: lower case words, ä as ae."""
    return fold(_CAMEL.sub(" ", text).translate(_UMLAUTS))


@cache
def _field_of() -> dict[str, str]:
    known: dict[str, str] = {}
    for field in FIELDS:
        for name in (*HEADERS.get(field.key, ()), folded(field.key), folded(str(field.key))):
            known.setdefault(name, field.key)
    return known


@cache
def _code_of(key: str) -> dict[str, str]:
    known = {folded(code): code for code, _label in BY_KEY[key].codes}
    for code, names in CODES.get(key, {}).items():
        for name in names:
            known.setdefault(name, code)
    return known


def guess_columns(columns: Sequence[str]) -> dict[str, int]:
    """
    Return the column of each field that a header names, in English or German.

    A saved mapping all of whose headers are there goes first.
    """
    saved = _fitting(columns)
    if saved is not None:
        return columns_by_name(saved.columns, columns)
    guessed: dict[str, int] = {}
    for position, header in enumerate(columns):
        key = _field_of().get(folded(header)) or _field_of().get(folded(header).replace(" ", ""))
        if key and key not in guessed:
            guessed[key] = position
    return guessed


def guess_codes(key: str, values: Iterable[str]) -> dict[str, str]:
    """Return what the values of a coded column probably stand for; unknown ones are left out."""
    known = _code_of(key)
    return {value: known[folded(value)] for value in values if folded(value) in known}


def columns_by_name(wanted: Mapping[str, str], columns: Sequence[str]) -> dict[str, int]:
    """Return where the headers of a saved mapping stand in this file."""
    places = {name: position for position, name in reversed(list(enumerate(columns)))}
    return {key: places[name] for key, name in wanted.items() if name in places and key in BY_KEY}


def saved_codes(columns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what values stand for by the saved mapping that fits these columns."""
    saved = _fitting(columns)
    return dict(saved.codes) if saved is not None else {}


def _fitting(columns: Sequence[str]) -> SavedMapping | None:
    """Return the newest saved mapping whose headers are all there."""
    there = set(columns)
    candidates = SavedMapping.objects.order_by("-updated_at")[:50]
    return next((one for one in candidates if set(one.columns.values()) <= there), None)


@transaction.atomic
def save_mapping(*, file_import: FileImport, name: str) -> SavedMapping:
    """Keep the mapping of an import under a name; one of that name is replaced."""
    saved, _is_new = SavedMapping.objects.update_or_create(
        name=" ".join(name.split()),
        defaults={
            "columns": {
                key: file_import.columns[column] for key, column in file_import.mapping.items()
            },
            "codes": file_import.codes,
        },
    )
    return saved
