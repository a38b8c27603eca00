"""Which column is which of our fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migration_import.choices import FIELDS, GROUPS, FieldGroup, Need
from migration_import.choices.letters import column_letter
from migration_import.models import FileImport
from utilcrm.web.forms import Form

_NAMES = ("last_name", "organisation_name")


class ColumnsForm(Form):
    """One choice a field of ours: its column, or none; what every file needs is asked for."""

    def __init__(self, *args: Any, file_import: FileImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [
            (str(position), f"{column_letter(position)} · {name}")
            for position, name in enumerate(file_import.columns)
        ]
        for field in FIELDS:
            choice = forms.ChoiceField(
                label=field.label,
                choices=[("", _("– not in the file –")), *columns],
                required=field.need is Need.ALWAYS,
                error_messages={"required": _("Say which column it is: every row needs it.")},
                help_text=field.hint,
            )
            choice.widget.attrs["class"] = "input select"
            choice.show_hidden_initial = bool(kwargs.get("keep_initial"))
            self.fields[field.key] = choice

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields by what they belong to."""
        return [
            (GROUPS[group], [self[field.key] for field in FIELDS if field.group is group])
            for group in FieldGroup
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for a name, and for all that a contract needs once there is one."""
        chosen = super().clean() or self.cleaned_data
        if not any(chosen.get(key) for key in _NAMES):
            self.add_error("last_name", _("Say which column holds the name."))
        needed = [field for field in FIELDS if field.need is Need.WITH_SUPPLY]
        if any(chosen.get(field.key) for field in needed):
            for field in needed:
                if not chosen.get(field.key) and field.key not in self.errors:
                    self.add_error(field.key, _("Contracts need it: say which column it is."))
        return chosen

    def mapping(self) -> dict[str, int]:
        """Return the column of each field; only after `is_valid`."""
        return {key: int(column) for key, column in self.cleaned_data.items() if column}
