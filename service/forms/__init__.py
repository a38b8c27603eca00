"""Forms of service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

MOST_CHARACTERS = 20_000
"""Of a text; a browser is not told, since it would cut off what is pasted without a word."""


def long_text(label: Any, *, rows: int, **more: Any) -> forms.CharField:
    """Return a field for sentences and paragraphs."""
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[MaxLengthValidator(MOST_CHARACTERS)],
        **more,
    )
