"""
Objects on the reject list whose parent has come, or whose place is free now: tried again with it.

The ERP's log tells of a contract or a meter that took the place of another one now and then before
it tells that the other one has ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from billing_sync.choices import ObjectType, RejectStatus
from billing_sync.gateway.pages import places_of
from billing_sync.models import DownloadReject
from utilcrm.db.staging import fetch

_PARENTS: dict[str, dict[str, str]] = {
    ObjectType.CONTRACT_ACCOUNT: {"BusinessPartnerID": ObjectType.BUSINESS_PARTNER},
    ObjectType.PREMISE: {"ConnectionObjectID": ObjectType.CONNECTION_OBJECT},
    ObjectType.POINT_OF_DELIVERY: {
        "PremiseID": ObjectType.PREMISE,
        "ConnectionObjectID": ObjectType.CONNECTION_OBJECT,
    },
    ObjectType.DEVICE_INFO_RECORD: {"PointOfDeliveryID": ObjectType.POINT_OF_DELIVERY},
    ObjectType.INSTALLATION: {"PointOfDeliveryID": ObjectType.POINT_OF_DELIVERY},
    ObjectType.CONTRACT: {
        "ContractAccountID": ObjectType.CONTRACT_ACCOUNT,
        "PointOfDeliveryID": ObjectType.POINT_OF_DELIVERY,
    },
    ObjectType.FINANCIAL: {"ContractAccountID": ObjectType.CONTRACT_ACCOUNT},
}
_OCCUPANTS = frozenset({ObjectType.DEVICE_INFO_RECORD, ObjectType.DEVICE, ObjectType.CONTRACT})
"""What only one can be of at a point of delivery and a time."""
_AT_ONCE = 1000


def types_waiting() -> frozenset[str]:
    """Return the types of which anything is on the reject list."""
    rows = fetch(
        """
        SELECT t.name FROM unnest(%s::text[]) AS t (name) WHERE EXISTS (
          SELECT FROM billing_sync_downloadreject r
          WHERE r.object_type = t.name AND r.status = %s)
        """,
        [ObjectType.values, RejectStatus.OPEN],
    )
    return frozenset(name for (name,) in rows)


def waiting_for(
    object_type: str, come: Mapping[str, set[str]], changed: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """
    Return rejected objects of a type, as the ERP sent them, that may come in now.

    :param come: the keys of what has just come in, by type
    :param changed: the objects of this type that are about to be loaded
    """
    open_ones = DownloadReject.objects.filter(object_type=object_type, status=RejectStatus.OPEN)
    condition = Q()
    for field, parent in _PARENTS.get(object_type, {}).items():
        if keys := come.get(parent):
            condition |= Q(**{f"payload__{field}__in": sorted(keys)})
    places = set(come.get(ObjectType.POINT_OF_DELIVERY, ()))
    if object_type in _OCCUPANTS:
        places |= {place for found in changed for place in places_of(found)}
    if places and object_type == ObjectType.DEVICE:
        condition |= Q(pk__in=_hanging_at(places))
    elif places and object_type in _OCCUPANTS:
        condition |= Q(payload__PointOfDeliveryID__in=sorted(places))
    if not condition:
        return []
    return [
        dict(reject.payload) for reject in open_ones.filter(condition).order_by("pk")[:_AT_ONCE]
    ]


def _hanging_at(places: set[str]) -> list[int]:
    rows = fetch(
        """
        SELECT r.id FROM billing_sync_downloadreject r
        WHERE r.object_type = %s AND r.status = %s AND EXISTS (
          SELECT FROM jsonb_array_elements(CASE jsonb_typeof(r.payload->'Placement')
            WHEN 'array' THEN r.payload->'Placement' ELSE '[]' END) p
          WHERE p->>'PointOfDeliveryID' = ANY(%s))
        """,
        [ObjectType.DEVICE, RejectStatus.OPEN, list(places)],
    )
    return [pk for (pk,) in rows]
