"""What administrators type about what starts a script by itself."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import ProcessKind
from contracts.services.processes.registry import KINDS
from interactions.choices import BindingKind
from utilcrm.web.forms import Form


class BindingForm(Form):
    """What starts a script by itself."""

    kind = forms.ChoiceField(label=gettext_lazy("Starts by"), choices=BindingKind.choices)
    value = forms.CharField(
        label=gettext_lazy("Queue, number or campaign"), max_length=40, required=False
    )
    process = forms.ChoiceField(label=gettext_lazy("Process"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["process"])
        field.choices = [("", "–"), *processes()]

    def clean(self) -> dict[str, Any]:
        """Return kind and value; a process is chosen, the others are typed."""
        cleaned = cast("dict[str, Any]", super().clean())
        process = cleaned.pop("process", "")
        if cleaned.get("kind") == BindingKind.PROCESS:
            cleaned["value"] = process
            if not process:
                self.add_error("process", _("Choose the process."))
        elif not cleaned.get("value") and "value" not in self.errors:
            self.add_error("value", _("Say which queue, number or campaign."))
        return cleaned


def processes() -> list[Any]:
    """Return the processes that can be begun, with their names."""
    return [
        (kind.value, kind.label)
        for kind in ProcessKind
        if kind in KINDS and kind != ProcessKind.UNDO
    ]
