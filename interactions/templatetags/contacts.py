"""How contacts are written."""

from django import template

from interactions.queries import results
from utilcrm.identifiers.phones import display_phone

register = template.Library()


@register.filter
def phone(e164: str) -> str:
    """Write a telephone number the way people read it."""
    return display_phone(e164) if e164 else ""


@register.filter
def result_label(code: str) -> str:
    """Write what came of a contact in the tenant's words."""
    return results.result_label(code) if code else ""
