"""What anybody may write to us: by the form, or in a chat."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.services.chatting import MOST_LINE
from utilcrm.web.forms import Form


class OpenForm(Form):
    """Knows machines by a field that people do not see, and the same form by its key."""

    # Its name invites whoever fills in everything.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @property
    def is_filled_by_a_machine(self) -> bool:
        """Whether something was written where nobody sees a field."""
        return bool(self.cleaned_data.get("website"))

    def question(self) -> dict[str, Any]:
        """Return what was asked, without the trap; only after `is_valid`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}


class AskForm(OpenForm):
    """Who writes, about what, and where an answer goes."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    customer_number = forms.CharField(
        label=_("Customer number"),
        required=False,
        max_length=40,
        help_text=_("It stands on every bill."),
    )
    subject = forms.CharField(label=_("What is it about?"), max_length=150)
    text = forms.CharField(
        label=_("Your message"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class BeginChatForm(OpenForm):
    """What to call the visitor, and the first line."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    text = forms.CharField(
        label=_("How can we help?"),
        max_length=MOST_LINE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LineForm(Form):
    """One line of a chat, and the key by which it is the same when it is sent twice."""

    text = forms.CharField(max_length=MOST_LINE, strip=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
