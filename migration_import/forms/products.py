"""Which of our products each name of the other system means."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from migration_import.services.product_names import ProductName, is_same
from premises.choices import Division

_DIVISIONS = dict(Division.choices)


def product_fields(
    names: Sequence[ProductName], products: Sequence[Any], proposed: Mapping[str, str]
) -> dict[str, forms.ChoiceField]:
    """Return one choice a name, under a name that does not change when names come and go."""
    by_code = {one.code: one for one in products}
    return {field_name(name): _field(name, products, by_code, proposed) for name in names}


def field_name(name: ProductName) -> str:
    """Return the name of the field of a product's name."""
    return f"product-{hashlib.sha256(name.key.encode()).hexdigest()[:12]}"


def _field(
    name: ProductName,
    products: Sequence[Any],
    by_code: Mapping[str, Any],
    proposed: Mapping[str, str],
) -> forms.ChoiceField:
    field = forms.ChoiceField(
        label=f"“{name.value}”",
        choices=[("", _("– say which product it is –")), *_choices(name.division, products)],
        required=False,
        initial=proposed.get(name.key, ""),
        help_text=_help(name, by_code.get(proposed.get(name.key, ""))),
    )
    field.widget.attrs["class"] = "input select"
    return field


def _choices(division: str, products: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return the products of the division; of all, by division, where it is not known."""
    of_each = {
        one: [(p.code, _label(p)) for p in products if p.division == one] for one in _DIVISIONS
    }
    if division:
        return list(of_each.get(division, []))
    return [(label, of_each[one]) for one, label in _DIVISIONS.items() if of_each[one]]


def _label(product: Any) -> str:
    return f"{product.name} · {product.code} · {product.get_segment_display()}"


def _help(name: ProductName, proposed: Any) -> Any:
    rows: Any = ngettext_lazy("%(rows)d row", "%(rows)d rows", "rows") % {"rows": name.rows}
    parts = [rows]
    if name.division:
        parts.append(_DIVISIONS[name.division])
    if proposed is not None and not is_same(name.value, proposed):
        parts.append(_("please check it: the names differ"))
    return format_lazy(" · ".join("{}" for _part in parts), *parts)
