"""What lists are narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from service.choices import CaseStatus, PromiseStatus
from service.queries.board import Chosen
from service.queries.cases import classes_offered
from utilcrm import deadlines
from utilcrm.web.forms import Form

_ALL = ("", _("All"))
TO_DECIDE = "compensation"
WHOSE = [("", _("Everybody's")), ("mine", _("Mine")), ("nobody", _("Nobody's yet"))]


class CaseFilter(Form):
    """Narrows the list of cases."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Open")),
            ("all", _("All")),
            (TO_DECIDE, _("Compensation to decide")),
            *CaseStatus.choices,
        ],
    )
    kind = forms.ChoiceField(label=_("Class"), required=False)
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[*WHOSE, ("passed", _("Passed up by the clock"))]
    )
    account = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _classes()  # type: ignore[attr-defined]


class BoardFilter(Form):
    """Narrows the deadline board."""

    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[
            _ALL,
            ("overdue", _("Overdue")),
            ("today", _("Today")),
            ("week", _("Within a week")),
        ],
    )
    source = forms.ChoiceField(label=_("What"), required=False)
    kind = forms.ChoiceField(label=_("Class"), required=False)
    whose = forms.ChoiceField(label=_("Whose"), required=False, choices=WHOSE)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.key, one.label) for one in deadlines.sources_for(user)]
        self.fields["source"].choices = [_ALL, *offered]  # type: ignore[attr-defined]
        self.fields["kind"].choices = _classes()  # type: ignore[attr-defined]

    def chosen(self) -> Chosen:
        """Return what was chosen; an invalid filter narrows nothing."""
        if not self.is_bound or not self.is_valid():
            return Chosen()
        return Chosen(**self.cleaned_data)


class PromiseFilter(Form):
    """Narrows the list of promises."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Owed")), ("all", _("All")), *PromiseStatus.choices],
    )
    whose = forms.ChoiceField(label=_("Whose"), required=False, choices=WHOSE[:2])
    account = forms.UUIDField(required=False, widget=forms.HiddenInput)


def _classes() -> list[Any]:
    return [_ALL, *((one.code, one.label) for one in classes_offered())]
