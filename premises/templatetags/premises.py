"""Links from places of supply."""

from __future__ import annotations

from django import template

from premises.models import Premise
from utilcrm.web.returning import with_params

register = template.Library()


@register.simple_tag
def premise_link(back: str, premise: Premise) -> str:
    """Return the address of a page that asked for a premise, with this one as the answer."""
    return with_params(back, premise=premise.uuid)
