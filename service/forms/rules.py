"""Classes of cases, their clocks and the content of their letters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from service.choices import CaseKind, ClockUnit, Part
from service.forms import long_text
from service.models import CalendarDay, CaseClass
from utilcrm import clock
from utilcrm.web.forms import DateInput, Form

_YEARS = 10


def _number(label: Any, *, least: int, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **more)


def _parts(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=Part.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ClassForm(Form):
    """The rules of one class."""

    label = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=CaseKind.choices)
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False)
    clock_length = _number(_("Answer within"), least=1, most=400)
    clock_unit = forms.ChoiceField(label=_("Counted in"), choices=ClockUnit.choices)
    waiting_stops_clock = forms.BooleanField(
        label=_("The clock stands while the customer is asked"), required=False
    )
    warn_percent = _number(
        _("To the supervisor after so many per cent of the time"), least=10, most=99
    )
    receipt_length = _number(
        _("Receipt within"),
        least=1,
        most=60,
        required=False,
        help_text=_("Empty: no receipt is owed."),
    )
    receipt_unit = forms.ChoiceField(label=_("Receipt counted in"), choices=ClockUnit.choices)
    deadlock_weeks = _number(
        _("Deadlock letter after weeks"),
        least=1,
        most=52,
        required=False,
        help_text=_("Empty: there is none. In Great Britain it is due after 8 weeks."),
    )
    closes_after_days = _number(
        _("Closes by itself so many days after the answer"),
        least=0,
        most=365,
        help_text=_("0: a person closes it."),
    )
    next_class = forms.ModelChoiceField(
        label=_("Followed by"),
        queryset=CaseClass.objects.none(),
        required=False,
        help_text=_("When a case of this class is closed, one of that class is opened."),
    )
    compensation_amount = forms.DecimalField(
        label=_("Compensation proposed when late"),
        min_value=0,
        max_digits=10,
        decimal_places=2,
        required=False,
    )
    compensation_rule = forms.CharField(
        label=_("Because of which rule"), max_length=160, required=False
    )
    receipt_parts = _parts(_("A receipt has to contain"))
    answer_parts = _parts(_("An answer has to contain"))
    deadlock_parts = _parts(_("A deadlock letter has to contain"))

    def __init__(self, *args: Any, own: CaseClass | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = CaseClass.objects.filter(is_active=True).order_by("position", "label")
        self.fields["next_class"].queryset = (  # type: ignore[attr-defined]
            others.exclude(pk=own.pk) if own else others
        )

    def clean(self) -> dict[str, Any]:
        """Refuse money without a rule."""
        cleaned = super().clean() or {}
        if cleaned.get("compensation_amount") is not None and not cleaned.get("compensation_rule"):
            self.add_error("compensation_rule", _("Say because of which rule it is owed."))
        return cleaned


class NewClassForm(ClassForm):
    """A new class has a code of its own."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    field_order = ("code",)

    def clean_code(self) -> str:
        """Refuse a code that is in use."""
        code: str = self.cleaned_data["code"]
        if CaseClass.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another class has this code."))
        return code


class LetterForm(Form):
    """The text of a letter."""

    title = forms.CharField(label=_("Subject"), max_length=120)
    body = long_text(_("Text"), rows=18)


class ModuleForm(Form):
    """A text module."""

    label = forms.CharField(label=_("Name"), max_length=80)
    text = long_text(_("Text"), rows=8, required=False)


class DayForm(Form):
    """A day on which the company works against the rule, or does not."""

    day = forms.DateField(label=_("Date"), widget=DateInput())
    name = forms.CharField(label=_("Name"), max_length=80)
    is_worked = forms.BooleanField(label=_("We work on this day"), required=False)

    def clean_day(self) -> dt.date:
        """Refuse a day that is set already, and a slip of the finger in the year."""
        day: dt.date = self.cleaned_data["day"]
        if abs(day.year - clock.today().year) > _YEARS:
            raise forms.ValidationError(_("That is too far away."))
        if CalendarDay.objects.filter(day=day).exists():
            raise forms.ValidationError(_("This day is set already."))
        return day
