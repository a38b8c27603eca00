"""The short forms about a process as a whole, and the filter of the list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.choices import OPEN_PROCESS, ProcessKind, ProcessStatus
from utilcrm.web.forms import Form


class NoteForm(Form):
    """Why a process is undone or given up."""

    note = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "data-autofocus": True}),
    )


class ProcessFilter(Form):
    """What the list of open processes can be narrowed by."""

    kind = forms.ChoiceField(
        label=_("Process"), required=False, choices=[("", _("All")), *ProcessKind.choices]
    )
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            *(choice for choice in ProcessStatus.choices if choice[0] in OPEN_PROCESS),
        ],
    )
    mine = forms.BooleanField(label=_("Only mine"), required=False)


class DecisionForm(Form):
    """Whether a discount is granted, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("GRANT", _("Grant it")), ("REFUSE", _("Refuse it"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Reason"), max_length=200, required=False)
