"""A file, a decision, and what a report is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migration_import.choices import Severity
from migration_import.queries.report import CODE_LABELS, columns_with_problems
from utilcrm.web.forms import Form


class NoFieldsForm(Form):
    """An operation that needs nothing but the decision."""


class UploadForm(Form):
    """The file and where it comes from."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xlsx", "data-autofocus": ""}
        ),
        help_text=_("CSV up to 250,000 rows, or Excel (.xlsx) up to 100,000; at most 64 MB."),
    )
    source_system = forms.CharField(
        label=_("Other system"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "The same name for every file of that system: its customer and contract numbers are "
            "recognised by it, and nothing comes in twice."
        ),
    )


class ReportFilter(Form):
    """Narrows the report by what is wrong, and where."""

    severity = forms.ChoiceField(
        label=_("Weight"), required=False, choices=[("", _("All")), *Severity.choices]
    )
    code = forms.ChoiceField(
        label=_("What is wrong"), required=False, choices=[("", _("All")), *CODE_LABELS.items()]
    )
    column = forms.TypedChoiceField(label=_("Column"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, file_import: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = columns_with_problems(file_import) if file_import else []
        self.fields["column"].choices = [("", _("All")), *places]  # type: ignore[attr-defined]
