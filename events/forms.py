"""Forms of the message monitor."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import DeliveryState
from events.services.routing import all_destinations
from utilcrm.web.forms import Form

AGES = {
    "15m": (dt.timedelta(minutes=15), _("15 minutes")),
    "1h": (dt.timedelta(hours=1), _("1 hour")),
    "1d": (dt.timedelta(days=1), _("1 day")),
    "7d": (dt.timedelta(days=7), _("7 days")),
}

STATES = {
    "": [DeliveryState.PENDING, DeliveryState.AWAITING, DeliveryState.PARKED],
    "PARKED": [DeliveryState.PARKED],
    "WAITING": [DeliveryState.PENDING, DeliveryState.AWAITING],
    "DONE": [DeliveryState.DONE],
    "CANCELLED": [DeliveryState.CANCELLED],
}


def _destinations() -> list[tuple[str, Any]]:
    return [("", _("All")), *[(place.name, place.label) for place in all_destinations()]]


class MessageFilter(Form):
    """Narrows the list of messages."""

    destination = forms.ChoiceField(
        label=pgettext_lazy("a destination", "To"), required=False, choices=_destinations
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All open")),
            ("PARKED", _("Needs a person")),
            ("WAITING", _("On the way")),
            ("DONE", _("Done")),
            ("CANCELLED", _("Cancelled")),
        ],
    )
    age = forms.ChoiceField(
        label=_("Older than"),
        required=False,
        choices=[("", _("Any age")), *[(code, label) for code, (_age, label) in AGES.items()]],
    )
    reason = forms.CharField(label=_("Reason contains"), required=False, max_length=60)
    about = forms.CharField(label=_("Customer number or message id"), required=False, max_length=60)


class RetryForm(Form):
    """Sends a stopped message again."""

    reason = forms.CharField(
        label=_("What was mended"),
        required=False,
        max_length=255,
        help_text=_("The content is made anew from the records as they are now."),
    )


class CancelForm(Form):
    """Gives a message up."""

    reason = forms.CharField(label=_("Reason"), max_length=255)


class RetryManyForm(RetryForm):
    """Sends several stopped messages again: those chosen, or all that fit the filter."""

    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)
    chosen = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
