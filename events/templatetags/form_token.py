"""The hidden field that lets a form be sent once."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.services.submissions import new_token

register = template.Library()


@register.simple_tag
def form_token() -> SafeString:
    """Render ``<input type=hidden name=form_token>`` with a new token."""
    return format_html('<input type="hidden" name="form_token" value="{}">', new_token())
