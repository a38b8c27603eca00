"""What is asked about promises."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from service.choices import PromiseKind
from utilcrm import clock
from utilcrm.web.forms import DateInput, Form

_FURTHEST = dt.timedelta(days=2 * 366)


class PromiseForm(Form):
    """What is promised, and by when."""

    kind = forms.ChoiceField(label=_("Promise"), choices=PromiseKind.choices)
    text = forms.CharField(label=_("What was promised"), max_length=255)
    due_on = forms.DateField(label=_("By the end of"), widget=DateInput())
    due_time = forms.TimeField(
        label=_("At the latest at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Empty: at any time of that day."),
    )
    is_visible = forms.BooleanField(label=_("The customer may see it"), required=False)

    def clean_due_on(self) -> dt.date:
        """Refuse a slip of the finger in the year."""
        day: dt.date = self.cleaned_data["due_on"]
        if day > clock.today() + _FURTHEST:
            raise forms.ValidationError(_("That is more than two years away."))
        return day

    def due_at(self) -> dt.datetime:
        """Return the first moment that is too late, in the tenant's time zone."""
        day: dt.date = self.cleaned_data["due_on"]
        time: dt.time | None = self.cleaned_data["due_time"]
        if time is None:
            return clock.start_of_day(day + dt.timedelta(days=1))
        return clock.start_of_day(day).replace(hour=time.hour, minute=time.minute)


class NoteForm(Form):
    """What was done, or why it is taken back."""

    note = forms.CharField(label=_("What was done"), max_length=255)
