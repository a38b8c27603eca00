"""How contacts are written."""

from django import template

from utilcrm.identifiers.phones import display_phone

register = template.Library()


@register.filter
def phone(e164: str) -> str:
    """Write a telephone number the way people read it."""
    return display_phone(e164) if e164 else ""
