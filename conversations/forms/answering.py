"""Answers, drafts, lines of a chat."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import ReplyTemplate
from conversations.services.chatting import MOST_LINE
from conversations.services.replying import MOST_TEXT
from utilcrm.web.forms import Form


class NoForm(Form):
    """An operation that needs nothing but a press of its button."""


class DraftForm(Form):
    """What was typed so far, exactly as typed."""

    text = forms.CharField(required=False, max_length=MOST_TEXT, strip=False)


class InsertForm(DraftForm):
    """A template to put behind what was typed so far."""

    template = forms.ModelChoiceField(
        queryset=ReplyTemplate.objects.filter(is_active=True), to_field_name="uuid", required=False
    )


class ReplyForm(Form):
    """The answer, and to which of the customer's addresses it goes."""

    to = forms.ChoiceField(label=_("To"))
    text = forms.CharField(
        label=_("Answer"),
        max_length=MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    is_final = forms.BooleanField(label=_("Nothing more is to be done"), required=False)

    def __init__(self, *args: Any, addresses: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["to"]).choices = [(one, one) for one in addresses]


class LineForm(Form):
    """One line of a chat, and the key by which it is the same when it is sent twice."""

    text = forms.CharField(label=_("Message"), max_length=MOST_LINE, strip=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
