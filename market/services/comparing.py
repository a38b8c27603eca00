"""Where the register's word on a point of delivery differs from ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from market.choices import PlaceState
from market.gateway.canonical import Place
from premises.models import PointOfDelivery
from premises.queries.grid import distributor_at
from utilcrm.identifiers.addresses import match_key, street_line, town_line


def state_of(place: Place) -> str:
    """Return a place's state in words."""
    return str(dict(PlaceState.choices).get(place.state, place.state))


def address_of(place: Place) -> str:
    """Return a place's address on one line."""
    street = street_line(place.street, place.house_number, place.flat, place.country)
    town = town_line(place.postcode, place.town, place.country)
    return ", ".join(part for part in (street, town) if part)


def same_address(place: Place, *, street: str, house_number: str, postcode: str) -> bool:
    """Tell whether a place lies where somebody says, whatever the spelling."""
    theirs = match_key(place.postcode, place.street, place.house_number)
    return bool(theirs == match_key(postcode, street, house_number))


def differences(
    place: Place, *, pod: PointOfDelivery, serials: Collection[str], on: dt.date
) -> list[str]:
    """Return in words what the register says otherwise than we do, on a local day."""
    return list(_differences(place, pod, serials, on))


def _differences(
    place: Place, pod: PointOfDelivery, serials: Collection[str], on: dt.date
) -> Iterator[str]:
    building = pod.premise.connection_object
    if place.state != PlaceState.CONNECTED:
        yield _("The register has the point as %(state)s.") % {"state": state_of(place)}
    if place.street and not same_address(
        place,
        street=building.street,
        house_number=building.house_number,
        postcode=building.postcode,
    ):
        yield _("The register has another address: %(address)s.") % {"address": address_of(place)}
    if place.meter_serial and serials and place.meter_serial not in serials:
        yield _("The register has another meter: %(meter)s.") % {"meter": place.meter_serial}
    grid = distributor_at(pod_id=pod.pk, day=on)
    if grid is not None and place.operator_code and place.operator_code != grid.code:
        yield _("The register has another network operator: %(name)s.") % {
            "name": place.operator_name or place.operator_code
        }
