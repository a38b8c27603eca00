"""Whether the tenant's market has a register, for pages that offer to ask it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from market.queries import active_endpoint


def register(request: HttpRequest) -> dict[str, Any]:
    """Give templates `has_register`, looked for when a template asks."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"has_register": SimpleLazyObject(lambda: active_endpoint() is not None)}
