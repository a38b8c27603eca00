"""Whether a caller has said enough for what a stranger must not change (B-20)."""

from __future__ import annotations

from interactions.choices import VerificationPoint
from interactions.models import Interaction
from tenants.queries import current_profile


def is_open_for_changes(contact: Interaction) -> bool:
    """
    Tell whether sensitive changes are open in a contact.

    They are once the caller is verified; where the tenant asks for nothing; and for a customer who
    was made in this very contact, of whom there is nothing to know yet.
    """
    if contact.verified_at is not None or not current_profile().verification_points:
        return True
    return contact.account is not None and contact.account.created_at >= contact.started_at


def points_by_key(known: list[str]) -> list[tuple[int, str, str, bool]]:
    """Return what a caller can know: the digit that ticks it, name, label, and whether it was."""
    return [
        (number, str(value), str(label), value in known)
        for number, (value, label) in enumerate(VerificationPoint.choices, start=1)
    ]
