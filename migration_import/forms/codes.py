"""What the values of coded columns stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migration_import.choices import BY_KEY
from migration_import.forms.products import field_name, product_fields
from migration_import.services.checking.cells import LEFT_OUT
from migration_import.services.product_names import ProductName
from utilcrm.web.forms import Form


class CodesForm(Form):
    """One choice a value or a product of the file; and what else the dry run is told."""

    allows_lookalikes = forms.BooleanField(
        label=_("Import customers although somebody with the same name and telephone is here"),
        required=False,
    )
    save_as = forms.CharField(
        label=_("Keep this mapping as"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It is proposed for the next file with the same columns."),
    )

    def __init__(
        self,
        *args: Any,
        values: Mapping[str, Sequence[str]],
        names: Sequence[ProductName] = (),
        products: Sequence[Any] = (),
        proposed: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._product_names = names
        self.fields.update(product_fields(names, products, proposed or {}))
        self._names: dict[str, list[tuple[str, str]]] = {}
        for key, found in values.items():
            choices = [
                ("", _("– say what it stands for –")),
                *BY_KEY[key].codes,
                (LEFT_OUT, _("nothing: as if it were empty")),
            ]
            for position, value in enumerate(found):
                name = f"{key}-{position}"
                field = forms.ChoiceField(label=f"“{value}”", choices=choices, required=False)
                field.widget.attrs["class"] = "input select"
                field.show_hidden_initial = bool(kwargs.get("keep_initial"))
                self.fields[name] = field
                self._names.setdefault(key, []).append((name, value))

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the values by our field."""
        return [
            (BY_KEY[key].label, [self[name] for name, _value in names])
            for key, names in self._names.items()
        ]

    def product_fields(self) -> list[forms.BoundField]:
        """Return the products of the file."""
        return [self[field_name(name)] for name in self._product_names]

    def product_codes(self) -> dict[str, str]:
        """Return our product of each name, "" where nobody knows it; only after `is_valid`."""
        return {name.key: self.cleaned_data[field_name(name)] for name in self._product_names}

    def codes(self) -> dict[str, dict[str, str]]:
        """Return what each value stands for; only after `is_valid`."""
        return {
            key: {
                value: self.cleaned_data[name] for name, value in names if self.cleaned_data[name]
            }
            for key, names in self._names.items()
        }
