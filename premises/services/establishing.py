"""Make a whole place of supply in one go: building, premise, points of delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from access.models import User
from premises.choices import PremiseKind
from premises.models import ConnectionObject, Premise, ServiceProvider
from premises.services.creating import (
    AddressInput,
    create_point_of_delivery,
    create_premise,
    find_or_create_connection_object,
)


@dataclass(frozen=True)
class PodInput:
    """A point of delivery as typed; without a distributor the grid area decides."""

    division: str
    external_id: str
    distributor: ServiceProvider | None = None
    valid_from: dt.date | None = None


@transaction.atomic
def establish_site(
    *,
    building: ConnectionObject | None = None,
    address: AddressInput | None = None,
    kind: str = PremiseKind.HOUSEHOLD,
    flat: str = "",
    floor: str = "",
    pods: Sequence[PodInput] = (),
    actor: User | None,
) -> Premise:
    """
    Create a premise with its points of delivery in a known building, or at an address.

    :raises InvalidIdentifier: if a postcode or an identifier cannot be right
    :raises PremiseExists: if the building has this flat already
    :raises PodExists: if we have one of the points of delivery already
    """
    if building is None:
        if address is None:
            raise ValueError("a building or an address is needed")
        building = find_or_create_connection_object(address=address, actor=actor)
    premise = create_premise(
        connection_object=building, kind=kind, flat=flat, floor=floor, actor=actor
    )
    for pod in pods:
        create_point_of_delivery(
            premise=premise,
            division=pod.division,
            external_id=pod.external_id,
            distributor=pod.distributor,
            valid_from=pod.valid_from,
            actor=actor,
        )
    return premise
