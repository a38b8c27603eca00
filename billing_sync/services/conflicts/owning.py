"""Whose word counts for a field that both sides may change."""

from __future__ import annotations

from billing_sync.choices import DEFAULT_OWNERS
from billing_sync.models import FieldPolicy


def owners_of(object_type: str) -> dict[str, str]:
    """Return the owner of each shared field of a type, as the tenant has decided."""
    decided = dict(
        FieldPolicy.objects.filter(object_type=object_type).values_list("field", "owner")
    )
    return dict(DEFAULT_OWNERS.get(object_type, {})) | decided
