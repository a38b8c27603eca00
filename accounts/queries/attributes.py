"""What was noted of customers."""

from __future__ import annotations

from accounts.models import Account, AttributeValue


def attributes_of(account: Account) -> list[AttributeValue]:
    """Return the newest value of each attribute in use, by its wording: one query."""
    rows = (
        AttributeValue.objects.filter(account=account, attribute__is_active=True)
        .select_related("attribute")
        .order_by("attribute_id", "-id")
        .distinct("attribute_id")
    )
    return sorted(rows, key=lambda one: one.attribute.label)
