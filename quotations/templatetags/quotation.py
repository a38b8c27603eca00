"""How quotations are told about on a page."""

from __future__ import annotations

from typing import Any

from babel.numbers import format_decimal
from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quotations.models import Quotation
from quotations.queries.listing import seen_mark

register = template.Library()

EVENTS: dict[str, Promise] = {
    "quotations.quotation.opened": _("Draft begun"),
    "quotations.quotation.repriced": _("Brought to the present price list"),
    "quotations.quotation.approval_requested": _("Approval of the discount asked for"),
    "quotations.quotation.approval_decided": _("Discount decided"),
    "quotations.quotation.approval_withdrawn": _("Request for the discount taken back"),
    "quotations.quotation.sent": _("Sent to the customer"),
    "quotations.quotation.accepted": _("Accepted by the customer"),
    "quotations.quotation.rejected": _("Declined by the customer"),
    "quotations.quotation.expired": _("Expired without an answer"),
}


@register.filter
def quotation_event(name: str) -> Any:
    """Say what happened in words; an event of another app keeps its own name."""
    return EVENTS.get(name, name)


@register.filter
def kwh(value: int | None) -> str:
    """Write a consumption the way the language groups digits: 11,500 or 11.500."""
    return "–" if value is None else format_decimal(value, locale=get_language() or "en")


@register.simple_tag
def quotation_seen(quotation: Quotation) -> str:
    """Return what the page has seen of the quotation, to ask for news with."""
    return seen_mark(quotation)
