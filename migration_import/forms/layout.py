"""How the file is written, for a person to correct."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migration_import.choices import Encoding
from migration_import.models import FileImport
from migration_import.services.reading import Layout
from migration_import.services.uploading import layout_of
from utilcrm.web.forms import Form

_DELIMITERS = [
    (";", _("Semicolon ;")),
    (",", _("Comma ,")),
    ("\t", _("Tabulator")),
    ("|", _("Vertical bar |")),
]


class LayoutForm(Form):
    """Encoding and delimiter of a text file, the sheet of a workbook, and the first row."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=Encoding.choices)
    delimiter = forms.ChoiceField(label=_("Cells are separated by"), choices=_DELIMITERS)
    sheet = forms.ChoiceField(label=_("Sheet"))
    has_header = forms.BooleanField(label=_("The first row names the columns"), required=False)

    def __init__(
        self, *args: Any, file_import: FileImport, sheets: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._file_import = file_import
        for name in ("sheet",) if file_import.is_text else ("encoding", "delimiter"):
            del self.fields[name]
        if not file_import.is_text:
            self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]

    def layout(self) -> Layout:
        """Return the layout that was chosen; only after `is_valid`."""
        chosen = self.cleaned_data
        stored = layout_of(self._file_import)
        return Layout(
            file_format=stored.file_format,
            encoding=chosen.get("encoding", ""),
            delimiter=chosen.get("delimiter", ""),
            sheet=chosen.get("sheet", ""),
            has_header=chosen["has_header"],
            size=stored.size,
        )
