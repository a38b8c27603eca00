"""What agents type about a contact."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.choices import Channel, Direction, Result, VerificationPoint
from interactions.models import Reason
from utilcrm.web.forms import Form


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
    """Why the customer called, what came of it, and what to remember."""

    reason = forms.ModelChoiceField(
        label=_("Reason"), queryset=Reason.objects.none(), to_field_name="code"
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(r.value, r.label) for r in Result if r != Result.NOT_STATED],
    )
    notes = forms.CharField(
        label=_("Notes"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=10_000,
    )

    def __init__(self, *args: Any, tree: list[tuple[Reason, list[Reason]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["reason"])
        field.queryset = Reason.objects.filter(is_active=True)
        field.choices = [("", "–")] + [
            (parent.label, [(leaf.code, leaf.label) for leaf in leaves])
            if leaves
            else (parent.code, parent.label)
            for parent, leaves in tree
        ]


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
