"""Objects on the reject list whose parent has come: they are tried again with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from billing_sync.choices import ObjectType, RejectStatus
from billing_sync.models import DownloadReject

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
_AT_ONCE = 1000


def waiting_for(object_type: str, come: Mapping[str, set[str]]) -> list[dict[str, Any]]:
    """Return rejected objects of a type, as the ERP sent them, whose parents are among `come`."""
    condition = Q()
    for field, parent in _PARENTS.get(object_type, {}).items():
        if keys := come.get(parent):
            condition |= Q(**{f"payload__{field}__in": sorted(keys)})
    if object_type == ObjectType.DEVICE and come.get(ObjectType.POINT_OF_DELIVERY):
        # it names its places in a list; there are few
        condition |= Q(pk__gt=0)
    open_ones = DownloadReject.objects.filter(object_type=object_type, status=RejectStatus.OPEN)
    if not condition or not open_ones.exists():
        return []
    waiting = open_ones.filter(condition).order_by("pk")
    return [dict(reject.payload) for reject in waiting[:_AT_ONCE]]
