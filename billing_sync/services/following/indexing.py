"""Bring the search index up to date with a page of changes, and only where it would differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billing_sync.choices import ObjectType
from billing_sync.services.following.watching import WATCHES, Seen
from billing_sync.services.searching import index_loaded, index_moved
from premises.models import Premise

Found = dict[str, Any]

# Of what is here already: the fields by which it, or its premise, is found. Others: any field.
_FOUND_BY: dict[str, frozenset[str]] = {
    ObjectType.CONTRACT_ACCOUNT: frozenset(),
    ObjectType.DEVICE_INFO_RECORD: frozenset({"serial_number"}),
    ObjectType.DEVICE: frozenset({"serial_number", "technical_from"}),
    ObjectType.CONTRACT: frozenset({"starts_on", "ends_on", "status"}),
}


def index_changed(
    object_type: str,
    objects: Mapping[str, Found],
    *,
    before: Mapping[str, Seen],
    after: Mapping[str, Seen],
) -> None:
    """Index what is new, and what is found otherwise than before."""
    new = [found for key, found in objects.items() if key not in before and key in after]
    if new:
        index_loaded(object_type, new)
    altered = [
        found
        for key, found in objects.items()
        if key in before and _is_found_otherwise(object_type, before[key], after.get(key))
    ]
    if not altered:
        return
    if object_type == ObjectType.CONNECTION_OBJECT:
        index_loaded(ObjectType.PREMISE, _premises_at(altered))
    elif object_type == ObjectType.CONTRACT:
        # its customer is found by its number, which stays; who lives at its premise may not
        index_moved(one["PremiseID"] for one in altered)
    else:
        index_loaded(object_type, altered)


def _is_found_otherwise(object_type: str, was: Seen, now: Seen | None) -> bool:
    if now is None or was.values == now.values:
        return False
    names = _FOUND_BY.get(object_type)
    if names is None:
        return True
    fields = WATCHES[object_type].fields
    return any(
        one != other
        for field, one, other in zip(fields, was.values, now.values, strict=True)
        if field in names
    )


def _premises_at(buildings: list[Found]) -> list[Found]:
    """Return the premises that are searched by the address of some buildings."""
    numbers = [found["ConnectionObjectID"] for found in buildings]
    premises = Premise.objects.filter(connection_object__erp_number__in=numbers).exclude(
        connection_object__erp_number=""
    )
    known = premises.exclude(erp_number="").values_list("erp_number", flat=True)
    return [{"PremiseID": number} for number in known]
