"""What the figures are narrowed by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.queries.statistics.scope import DIMENSIONS, Scope
from utilcrm import clock
from utilcrm.web.forms import DateInput, Form

USUAL_DAYS = 7
LONGEST_DAYS = 400
"""A longer period is a report for the night, not for a screen."""

_NOBODY = "-"


class ScopeForm(Form):
    """Days of the tenant's calendar, both included, and whose figures; empty narrows nothing."""

    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput())
    last = forms.DateField(label=gettext_lazy("To"), required=False, widget=DateInput())
    queue = forms.CharField(label=gettext_lazy("Queue"), required=False, max_length=40)
    agent = forms.CharField(required=False, max_length=20)
    campaign = forms.CharField(label=gettext_lazy("Campaign"), required=False, max_length=40)
    hour = forms.IntegerField(required=False, min_value=0, max_value=23)
    by = forms.ChoiceField(
        label=gettext_lazy("Table"), required=False, choices=list(DIMENSIONS.items())
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]] = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        everybody = [("", "–"), *((str(key), name) for key, name in people)]
        self.fields["agent"] = forms.ChoiceField(
            label=gettext_lazy("Person"),
            required=False,
            choices=[*everybody, (_NOBODY, _("nobody"))],
            widget=forms.Select(attrs={"class": "input select"}),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is very long."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))
        elif first and last and (last - first).days > LONGEST_DAYS:
            text = _("At most %(days)d days at once.") % {"days": LONGEST_DAYS}
            self.add_error("last", text)
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what was chosen; nothing of a form that makes no sense."""
        return self.cleaned_data if self.is_bound and self.is_valid() else {}

    @property
    def scope(self) -> Scope:
        """Return the scope; without days the last week up to today."""
        chosen = self.chosen
        last = chosen.get("last") or max(clock.today(), chosen.get("first") or clock.today())
        first = chosen.get("first") or last - dt.timedelta(days=USUAL_DAYS - 1)
        agent = chosen.get("agent") or ""
        # An empty queue or campaign in the address means the calls that have none.
        named = {
            name: chosen[name]
            for name in ("queue", "campaign")
            if chosen.get(name) or (chosen and f"no_{name}" in self.data)
        }
        return Scope(
            first=max(first, last - dt.timedelta(days=LONGEST_DAYS)),
            last=last,
            agent_id=0 if agent == _NOBODY else int(agent) if agent else None,
            hour=chosen.get("hour"),
            **named,
        )
