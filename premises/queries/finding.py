"""Find buildings and the premises in them by what a caller says of the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from access.models import User
from premises.models import ConnectionObject, PointOfDelivery, Premise
from utilcrm.identifiers.addresses import fold, match_key, street_prefix


@dataclass(frozen=True)
class FoundBuilding:
    """A building with the premises that the user may see, and how many others there are."""

    building: ConnectionObject
    premises: list[Premise]
    hidden: int


def find_buildings(
    user: User, *, postcode: str, street: str, house_number: str = "", limit: int = 12
) -> list[FoundBuilding]:
    """
    Return buildings of a postcode whose street starts as typed, the typed house number first.

    An index range scan and three queries, whatever the number of buildings. Premises of customers
    whom the user may not see are counted, so that nobody makes a flat twice, but not shown.
    """
    if not fold(postcode) or not fold(street):
        return []
    start = street_prefix(postcode, street)
    wanted = match_key(postcode, street, house_number) if house_number.strip() else ""
    rows = ConnectionObject.objects.filter(match_key__startswith=start)
    exact = list(rows.filter(match_key=wanted)[:limit]) if wanted else []
    others = list(
        rows.exclude(pk__in=[one.pk for one in exact]).order_by("match_key", "id")[
            : limit - len(exact)
        ]
    )
    found = exact + others
    all_premises = Premise.objects.filter(connection_object__in=found)
    visible = (
        all_premises.visible_to(user)
        .prefetch_related(
            Prefetch("points_of_delivery", PointOfDelivery.objects.order_by("division", "id"))
        )
        .order_by("flat", "id")
    )
    shown: dict[int, list[Premise]] = {}
    buildings = {one.pk: one for one in found}
    for premise in visible:
        premise.connection_object = buildings[premise.connection_object_id]
        shown.setdefault(premise.connection_object_id, []).append(premise)
    total: dict[int, int] = {}
    for pk in all_premises.values_list("connection_object_id", flat=True):
        total[pk] = total.get(pk, 0) + 1
    return [
        FoundBuilding(
            building=one,
            premises=shown.get(one.pk, []),
            hidden=total.get(one.pk, 0) - len(shown.get(one.pk, [])),
        )
        for one in found
    ]


def town_of(postcode: str) -> str:
    """Return the town of a building that we have in a postcode, "" if we have none there."""
    if not fold(postcode):
        return ""
    rows = ConnectionObject.objects.filter(match_key__startswith=street_prefix(postcode, ""))
    return rows.values_list("town", flat=True).first() or ""
