"""Answers, drafts, lines of a chat."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from access.models import User
from conversations.models import ReplyTemplate
from conversations.services.chatting import MOST_LINE
from conversations.services.drafting import Place
from conversations.services.replying import MOST_TEXT
from utilcrm.web.forms import Form


class NoForm(Form):
    """An operation that needs nothing but a press of its button."""


class DraftForm(Form):
    """What was typed so far, exactly as typed, and which draft the page goes on with."""

    text = forms.CharField(required=False, max_length=MOST_TEXT, strip=False)
    window = forms.UUIDField()
    draft = forms.UUIDField(required=False)
    revision = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)

    @property
    def place(self) -> Place:
        """Return what the page knows; only after `is_valid`."""
        facts = self.cleaned_data
        return Place(facts["window"], facts["draft"], facts["revision"] or 0)


class InsertForm(DraftForm):
    """A template to put behind what was typed so far."""

    template = forms.ModelChoiceField(
        queryset=ReplyTemplate.objects.filter(is_active=True), to_field_name="uuid", required=False
    )


class ManyUuids(forms.Field):
    """Any number of UUIDs."""

    def to_python(self, value: Any) -> list[uuid.UUID]:
        """Read them."""
        return [forms.UUIDField().clean(one) for one in value or []]


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
    draft = forms.UUIDField(required=False)
    attached = ManyUuids(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, addresses: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["to"]).choices = [(one, one) for one in addresses]


class PassOnForm(Form):
    """Who goes on with it, and what they should know."""

    colleague = forms.ModelChoiceField(
        label=_("To"),
        queryset=User.objects.none(),
        to_field_name="pk",
        required=False,
        empty_label=_("Everybody"),
    )
    note = forms.CharField(
        label=_("What they should know"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Customers never see it."),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["colleague"]).queryset = colleagues


class LineForm(Form):
    """One line of a chat, and the key by which it is the same when it is sent twice."""

    text = forms.CharField(label=_("Message"), max_length=MOST_LINE, strip=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
