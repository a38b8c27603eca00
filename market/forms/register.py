"""Forms of the market's screens."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from market.choices import (
    Direction,
    DisconnectionStatus,
    EndReason,
    MessageKind,
    MessageStatus,
    PeriodStatus,
    TaskKind,
)
from utilcrm.web.forms import DateInput, Form

_ALL = ("", _("All"))


class NoFields(Form):
    """An operation that needs no more than the click."""


class TaskFilter(Form):
    """Narrows the work list."""

    kind = forms.ChoiceField(label=_("Task"), required=False, choices=[_ALL, *TaskKind.choices])
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("Everybody's")), ("mine", _("Mine")), ("nobody", _("Nobody's yet"))],
    )


class PeriodFilter(Form):
    """Narrows the list of periods."""

    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[_ALL, *PeriodStatus.choices]
    )
    point = forms.CharField(label=_("Point of delivery"), required=False, max_length=50)


class MessageFilter(Form):
    """Narrows the list of messages."""

    direction = forms.ChoiceField(
        label=_("Direction"), required=False, choices=[_ALL, *Direction.choices]
    )
    kind = forms.ChoiceField(
        label=_("Message"), required=False, choices=[_ALL, *MessageKind.choices]
    )
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[_ALL, *MessageStatus.choices]
    )
    point = forms.CharField(label=_("Point of delivery"), required=False, max_length=50)


class DisconnectionFilter(Form):
    """Narrows the list of disconnections."""

    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[_ALL, *DisconnectionStatus.choices]
    )


class NoteForm(Form):
    """Says what was done."""

    note = forms.CharField(label=_("What was done"), max_length=255)


class ReasonForm(Form):
    """Says why."""

    reason = forms.CharField(label=_("Reason"), max_length=255)


class EndReasonForm(Form):
    """One of the eight reasons of which the register wants one."""

    reason = forms.ChoiceField(
        label=_("Reason of the end"), choices=[("", "–"), *EndReason.choices]
    )


class DisconnectionForm(Form):
    """When a supply is to be cut."""

    cut_on = forms.DateField(label=_("Disconnect on"), widget=DateInput())
    note = forms.CharField(
        label=_("Note"),
        max_length=255,
        required=False,
        help_text=_("What the customer was told, and when."),
    )
