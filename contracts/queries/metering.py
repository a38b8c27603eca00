"""Whose meter is read, and how much is used there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from access.models import User
from accounts.models import Account
from contracts.choices import ItemRole, ItemStatus
from contracts.models import Contract, ContractItem
from devices.queries import Meter, meters_at
from premises.models import PointOfDelivery, Premise
from utilcrm import clock

MOST_PLACES = 40
_NOT_SUPPLIED = frozenset({ItemStatus.DRAFT, ItemStatus.BLOCKED, ItemStatus.CANCELLED})


@dataclass(frozen=True)
class MeterPlace:
    """A meter that stands at a point of delivery today."""

    pod: PointOfDelivery
    meter: Meter


def supply_at(pod: PointOfDelivery, on: dt.date | None = None) -> ContractItem | None:
    """Return the supply at a point of delivery on a day (today), signed or further."""
    day = on or clock.today()
    return (
        ContractItem.objects.filter(pod=pod, role=ItemRole.SUPPLY, starts_on__lte=day)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        .exclude(status__in=_NOT_SUPPLIED)
        .select_related("contract__account")
        .first()
    )


def points_of(
    user: User,
    *,
    pod: str = "",
    contract: str = "",
    premise: str = "",
    account: str = "",
) -> list[PointOfDelivery]:
    """Return the points of delivery, named by the narrowest UUID given, that a user may see."""
    rows = PointOfDelivery.objects.visible_to(user).select_related("premise__connection_object")
    if pod:
        rows = rows.filter(uuid=pod)
    elif contract:
        found = Contract.objects.visible_to(user).filter(uuid=contract)
        rows = rows.filter(contract_items__contract__in=found)
    elif premise:
        rows = rows.filter(premise__in=Premise.objects.visible_to(user).filter(uuid=premise))
    elif account:
        day = clock.today()
        items = (
            ContractItem.objects.filter(
                contract__account__in=Account.objects.visible_to(user).filter(uuid=account)
            )
            .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
            .exclude(status__in=_NOT_SUPPLIED)
        )
        rows = rows.filter(contract_items__in=items)
    else:
        return []
    return list(rows.distinct().order_by("division", "id")[:MOST_PLACES])


def meters_of(points: list[PointOfDelivery]) -> list[MeterPlace]:
    """Return the meters that stand at points of delivery today."""
    return [MeterPlace(pod=pod, meter=meter) for pod in points for meter in meters_at(pod)]
