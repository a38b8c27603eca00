"""Find or create buildings, premises and points of delivery."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from events.services import recording
from premises.choices import PremiseKind, Service
from premises.models import ConnectionObject, PodService, PointOfDelivery, Premise, ServiceProvider
from premises.queries.grid import distributor_for
from premises.services.indexing import index_premise
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.db.locks import lock_until_commit
from utilcrm.identifiers import scheme_for, validate
from utilcrm.identifiers.addresses import fold, match_key, validate_postcode


class PodExists(Exception):
    """
    The market knows one point of delivery by this identifier, and we have it already.

    `pod` is for services; a view looks it up through `visible_to` before it names the address.
    """

    field = "external_id"

    def __init__(self, pod: PointOfDelivery) -> None:
        super().__init__(
            _("The point of delivery %(identifier)s exists already.")
            % {"identifier": pod.external_id}
        )
        self.pod = pod


class PremiseExists(Exception):
    """The building has a premise with this flat and floor already."""

    field = "flat"

    def __init__(self, premise: Premise) -> None:
        super().__init__(_("This premise exists already in the building."))
        self.premise = premise


@dataclass(frozen=True)
class AddressInput:
    """An address of a building, as typed."""

    street: str
    postcode: str
    town: str
    house_number: str = ""
    country: str = ""


@transaction.atomic
def find_or_create_connection_object(
    *, address: AddressInput, actor: User | None
) -> ConnectionObject:
    """
    Return the building at an address, made if we have none.

    Upper and lower case, accents and the usual short forms do not make another building. Where
    the ERP has several at one address, the oldest is returned.

    :raises InvalidIdentifier: if the postcode cannot be right
    """
    country = address.country or current_profile().market
    postcode = validate_postcode(address.postcode, country)
    key = match_key(postcode, address.street, address.house_number)
    lock_until_commit("premises.connection_object", key)
    found = ConnectionObject.objects.filter(match_key=key, country=country).order_by("id").first()
    if found:
        return found
    building = ConnectionObject.at(
        street=" ".join(address.street.split()),
        house_number=address.house_number.strip(),
        postcode=postcode,
        town=" ".join(address.town.split()),
        country=country,
    )
    building.save()
    recording.record("premises.connection_object.created", subject=building, actor=actor)
    return building


@transaction.atomic
def create_premise(
    *,
    connection_object: ConnectionObject,
    kind: str = PremiseKind.HOUSEHOLD,
    flat: str = "",
    floor: str = "",
    actor: User | None,
) -> Premise:
    """
    Create a premise, vacant until a contract supplies it.

    :raises PremiseExists: if the building has one with this flat and floor
    """
    building = ConnectionObject.objects.select_for_update().get(pk=connection_object.pk)
    for other in building.premises.all():
        if (fold(other.flat), fold(other.floor)) == (fold(flat), fold(floor)):
            raise PremiseExists(other)
    premise = Premise.objects.create(
        connection_object=building,
        kind=kind,
        flat=" ".join(flat.split()),
        floor=" ".join(floor.split()),
    )
    index_premise(premise)
    recording.record("premises.premise.created", subject=premise, actor=actor)
    return premise


@transaction.atomic
def create_point_of_delivery(
    *,
    premise: Premise,
    division: str,
    external_id: str,
    distributor: ServiceProvider | None = None,
    valid_from: dt.date | None = None,
    actor: User | None,
) -> PointOfDelivery:
    """
    Create a point of delivery under the identifier of the tenant's market.

    Without `distributor` the grid area decides; where no rule knows it, none is stored.
    `valid_from` is today unless given.

    :raises InvalidIdentifier: if the identifier fails its market's check
    :raises PodExists: if we have it already
    """
    market = current_profile().market
    scheme = scheme_for(market, division)
    identifier = validate(scheme, external_id)
    lock_until_commit("premises.point_of_delivery", identifier)
    known = PointOfDelivery.objects.filter(external_id=identifier).first()
    if known:
        raise PodExists(known)
    start = valid_from or clock.today()
    pod = PointOfDelivery.objects.create(
        premise=premise,
        division=division,
        external_id=identifier,
        scheme=scheme,
        valid_from=start,
    )
    if distributor is None:
        derived = distributor_for(
            market=market,
            division=division,
            external_id=identifier,
            postcode=premise.connection_object.postcode,
        )
        distributor = derived.provider if derived else None
    if distributor is not None:
        PodService.objects.create(
            pod=pod, service=Service.DISTRIBUTION, provider=distributor, valid_from=start
        )
    index_premise(premise)
    recording.record(
        "premises.point_of_delivery.created",
        subject=pod,
        actor=actor,
        payload={"external_id": identifier, "division": division},
    )
    return pod
