"""What a form that is saved by itself needs beside its fields."""

from __future__ import annotations

from django import forms, template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def initial(bound: forms.BoundField) -> SafeString:
    """Render what a field held when the page was made, for controls that are drawn by hand."""
    return bound.as_hidden(only_initial=True)


@register.simple_tag
def initials(form: forms.Form) -> SafeString:
    """
    Render what every field holds now that it is saved, to replace what the page remembers.

    Without this a later clash would show a person their own earlier change as somebody else's.
    """
    return format_html_join(
        "",
        "{}",
        (
            (form[name].as_hidden(attrs={"hx-swap-oob": "true"}, only_initial=True),)
            for name, field in form.fields.items()
            if field.show_hidden_initial
        ),
    )
