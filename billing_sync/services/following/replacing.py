"""Meters that the ERP has replaced: told once, for the market and the regulator."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from billing_sync.choices import ObjectType
from billing_sync.gateway.changes import Change
from billing_sync.gateway.pages import places_of
from billing_sync.models import ChangeFeed, DownloadRun
from billing_sync.services.following.watching import look
from devices.models import Device
from devices.queries.replacements import Replacement
from devices.services.replacing import tell_replacements
from premises.models import PointOfDelivery
from utilcrm import clock

METERS = frozenset({ObjectType.DEVICE, ObjectType.DEVICE_INFO_RECORD})


def tell_replaced(
    object_type: str, objects: Iterable[Mapping[str, Any]], changes: Iterable[Change] = ()
) -> int:
    """
    Tell of each meter that stands in another one's place since some loaded ones came in.

    What was replaced before the book was downloaded first is history that the ERP has told itself.

    :param changes: who did it in the ERP, and when
    :return: how many were told
    """
    since = _since() if object_type in METERS else None
    if since is None:
        return 0
    places = {place for found in objects for place in places_of(found)}
    pods = PointOfDelivery.objects.filter(erp_number__in=places).exclude(erp_number="")
    done_by = {change.key: change for change in changes}

    def more_of(one: Replacement) -> Mapping[str, str]:
        change = done_by.get(one.installed.erp_number) or done_by.get(one.removed.erp_number)
        if change is None:
            return {}
        return {"clerk": change.by, "changed_at": change.at.isoformat()}

    return tell_replacements(
        list(pods.values_list("uuid", flat=True)),
        since=since,
        account_of=_account_of,
        more_of=more_of,
    )


def _account_of(one: Replacement) -> uuid.UUID | None:
    kind = ObjectType.DEVICE if isinstance(one.installed, Device) else ObjectType.DEVICE_INFO_RECORD
    seen = look(kind, [one.installed.erp_number]).get(one.installed.erp_number)
    return uuid.UUID(seen.account_uuid) if seen and seen.account_uuid else None


def _since() -> dt.date | None:
    """Return the day on which this tenant's book was downloaded, or followed, first."""
    runs = DownloadRun.objects.order_by("created_at").values_list("created_at", flat=True)
    feeds = ChangeFeed.objects.order_by("created_at").values_list("created_at", flat=True)
    moments = [*runs[:1], *feeds[:1]]
    return clock.local_date(min(moments)) if moments else None
