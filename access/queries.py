"""What a user may see and decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from guardian.shortcuts import get_objects_for_user

from access.choices import Role
from access.models import Segment
from access.roles import DISCOUNT_LIMIT

VIEW_SEGMENT = "access.view_segment"


def segments_of(user: Any) -> frozenset[str]:
    """
    Return the segment codes whose customers the user may see.

    Read once per user object, so once per request.
    """
    kept = getattr(user, "_utilcrm_segments", None)
    if kept is not None:
        return kept
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    segments = get_objects_for_user(
        user, VIEW_SEGMENT, Segment, accept_global_perms=False, with_superuser=False
    )
    codes = frozenset(segments.values_list("code", flat=True))
    user._utilcrm_segments = codes
    return codes


def roles_of(user: Any) -> frozenset[str]:
    """Return the codes of the user's roles."""
    kept = getattr(user, "_utilcrm_roles", None)
    if kept is None:
        names = frozenset(user.groups.values_list("name", flat=True))
        kept = user._utilcrm_roles = names & frozenset(Role.values)
    return kept


def discount_limit(user: Any) -> Decimal:
    """Return the highest discount, in per cent, that the user may give on their own."""
    limits = [DISCOUNT_LIMIT.get(Role(role), Decimal(0)) for role in roles_of(user)]
    return max(limits, default=Decimal(0))
