"""The other system's names of products, and which of our products they probably mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from migration_import.models import FileImport
from migration_import.queries.products import product_names
from migration_import.services.mapping import folded

KEY = "product_code"
MOST_AT_ONCE = 100
"""More names than this are asked for on the next page."""

_SIMILAR = 0.85
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class ProductName:
    """A name in the file; `division` is ours, "" where the file does not tell one for it."""

    value: str
    division: str
    rows: int
    key: str
    """What the mapping keeps its product under."""


@dataclass(frozen=True)
class NamesToAsk:
    """The names of one page, how many they are, how many the file has, and whether more come."""

    names: list[ProductName]
    shown: int = 0
    total: int = 0
    has_more: bool = False


def product_key(value: str, division: str) -> str:
    """Return the key of a name that stands for another product in each division."""
    return f"{value}\n{division}"


def product_of(codes: Mapping[str, str], value: str, division: str) -> str:
    """Return the code of the product that a name was said to mean, or else is the code of."""
    return codes.get(product_key(value, division)) or codes.get(value) or value


def names_to_ask(
    file_import: FileImport, *, divisions: Mapping[str, str], said: Mapping[str, str]
) -> NamesToAsk:
    """Return the names to ask for now."""
    seen = {key.partition("\n")[0]: code for key, code in said.items()}
    found = product_names(file_import, divisions=divisions, seen=seen, limit=MOST_AT_ONCE)
    names = []
    for value, by_division in found.names:
        told = sorted(code for code in by_division if code)
        if len(told) < 2:
            rows = sum(by_division.values())
            names.append(ProductName(value, "".join(told), rows, value))
        else:
            names += [
                ProductName(value, code, by_division[code], product_key(value, code))
                for code in told
            ]
    return NamesToAsk(names, len(found.names), found.total, found.unseen > MOST_AT_ONCE)


def guess_products(names: Iterable[ProductName], products: Sequence[Any]) -> dict[str, str]:
    """Return the product that each name probably means, by key; left out where two fit as well."""
    guessed = {}
    for name in names:
        ours = [one for one in products if name.division in {"", one.division}]
        code = _same(name.value, ours) or _similar(name.value, ours)
        if code:
            guessed[name.key] = code
    return guessed


def is_same(value: str, product: Any) -> bool:
    """Whether a name is the product's code or name, but for case, accents and punctuation."""
    return folded(value) in {folded(product.code), folded(product.name)}


def _same(value: str, products: Sequence[Any]) -> str:
    by_code = [one.code for one in products if one.code == value]
    return _only(by_code or [one.code for one in products if is_same(value, one)])


def _similar(value: str, products: Sequence[Any]) -> str:
    """Return the product whose name or code is written nearly so, with the same numbers in it."""
    best: list[tuple[float, str]] = []
    for one in products:
        likeness = max(_likeness(value, one.code), _likeness(value, one.name))
        if likeness >= _SIMILAR:
            best.append((likeness, one.code))
    top = max((likeness for likeness, _code in best), default=0)
    return _only([code for likeness, code in best if likeness == top])


def _likeness(one: str, other: str) -> float:
    left, right = sorted(folded(one).split()), sorted(folded(other).split())
    if _DIGITS.findall(" ".join(left)) != _DIGITS.findall(" ".join(right)):
        return 0
    if left == right:
        return 1
    matcher = SequenceMatcher(a="".join(folded(one).split()), b="".join(folded(other).split()))
    return matcher.ratio() if matcher.quick_ratio() >= _SIMILAR else 0


def _only(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else ""
