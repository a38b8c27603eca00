"""What agents type about a contact."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interactions.choices import Channel, DefaultReason, Direction, VerificationPoint
from interactions.models import ContactResult, Reason
from interactions.services.wrapping import FollowUp
from service.choices import PromiseKind
from utilcrm import clock
from utilcrm.web.forms import DateInput, Form


class NoForm(Form):
    """An operation that needs nothing but a press of its button."""


class NewContactForm(Form):
    """How the contact came about."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)


class VerificationForm(Form):
    """Which facts the caller knew."""

    points = forms.MultipleChoiceField(
        label=_("The caller knew"),
        choices=VerificationPoint.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class WrapUpForm(Form):
    """Why the customer called, what came of it, what to remember, and what was agreed."""

    reason = forms.ModelChoiceField(
        label=_("Reason"), queryset=Reason.objects.none(), to_field_name="code"
    )
    result = forms.ChoiceField(label=_("Result"))
    notes = forms.CharField(
        label=_("Notes"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=10_000,
    )
    follow_up = forms.CharField(
        label=_("What was agreed"),
        max_length=255,
        required=False,
        help_text=_("Becomes a promise to the customer, yours to keep."),
    )
    follow_up_kind = forms.ChoiceField(
        label=_("Promise"), choices=PromiseKind.choices, required=False
    )
    follow_up_on = forms.DateField(label=_("By the end of"), required=False, widget=DateInput())

    def __init__(
        self,
        *args: Any,
        tree: list[tuple[Reason, list[Reason]]],
        results: list[ContactResult],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = cast("forms.ChoiceField", self.fields["result"])
        chosen.choices = [(one.code, one.label) for one in results]
        field = cast("forms.ModelChoiceField", self.fields["reason"])
        # The timer's own reason is not among what a person may say, be it typed into the request.
        field.queryset = Reason.objects.filter(is_active=True).exclude(code=DefaultReason.TIMED_OUT)
        field.choices = [("", "–")] + [
            (parent.label, [(leaf.code, leaf.label) for leaf in leaves])
            if leaves
            else (parent.code, parent.label)
            for parent, leaves in tree
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the day of what was agreed, and for what it is that is due."""
        cleaned = super().clean() or {}
        text, day = cleaned.get("follow_up"), cleaned.get("follow_up_on")
        if text and not day and "follow_up_on" not in self.errors:
            self.add_error("follow_up_on", gettext("Say by when."))
        if day and not text and "follow_up" not in self.errors:
            self.add_error("follow_up", gettext("Say what was agreed."))
        return cleaned

    def wrapped_up(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        cleaned = self.cleaned_data
        follow_up = None
        if cleaned["follow_up"]:
            after = cleaned["follow_up_on"] + dt.timedelta(days=1)
            follow_up = FollowUp(
                kind=cleaned["follow_up_kind"] or PromiseKind.OTHER,
                text=cleaned["follow_up"],
                due_at=clock.start_of_day(after),
            )
        named = {name: cleaned[name] for name in ("reason", "result", "notes")}
        return {**named, "follow_up": follow_up}


class ScratchPadForm(Form):
    """The agent's own words while listening, and the words upon which they were typed."""

    base = forms.CharField(required=False, strip=False)

    text = forms.CharField(
        label=_("Scratch pad"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=10_000,
        strip=False,
    )


class NotesForm(Form):
    """The notes of a finished contact."""

    notes = forms.CharField(
        label=_("Notes"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=10_000,
    )
