"""Fields whose value is checked by the market's rules, while the person is still at the form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from tenants.queries import current_profile
from utilcrm.identifiers import InvalidIdentifier, display_phone, normalise_phone, validate_iban
from utilcrm.identifiers.bank import format_iban

CHECKED_WHEN_LEFT: dict[str, Any] = {
    "hx-post": reverse_lazy("accounts:check"),
    "hx-trigger": "change",
    "hx-target": "closest .field",
    "hx-swap": "outerHTML",
    "hx-include": "closest form",
    "hx-sync": "this:queue last",
}
"""Attributes of a control that asks `accounts:check` about itself when it is left."""


class PhoneField(forms.CharField):
    """A telephone number; cleans to E.164, shows itself in groups."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.widget = forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"} | CHECKED_WHEN_LEFT
        )

    def clean(self, value: Any) -> str:
        """Return the number in E.164, or "" if none was typed."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normalise_phone(text, current_profile().phone_region)
        except InvalidIdentifier as error:
            raise ValidationError(error.reason, code=error.code) from None

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number in groups, and what was typed as it was typed."""
        return display_phone(value) if isinstance(value, str) and value.startswith("+") else value


class IbanField(forms.CharField):
    """A bank account; cleans to the IBAN without spaces, shows itself in groups of four."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("IBAN"))
        kwargs.setdefault("max_length", 42)
        super().__init__(**kwargs)
        self.widget = forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "code"}
            | CHECKED_WHEN_LEFT
        )

    def clean(self, value: Any) -> str:
        """Return the IBAN, or "" if none was typed."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return validate_iban(text)
        except InvalidIdentifier as error:
            raise ValidationError(error.reason, code=error.code) from None

    def prepare_value(self, value: Any) -> Any:
        """Show a stored account in groups of four, and what was typed as it was typed."""
        if isinstance(value, str) and value.isalnum() and value.isupper():
            return format_iban(value)
        return value
