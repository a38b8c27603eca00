"""What is supplied at a premise, by whom, and who supplied it last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from access.models import User
from premises.choices import Service
from premises.models import PodService, PointOfDelivery, Premise, ServiceProvider
from utilcrm import clock


@dataclass(frozen=True)
class Supply:
    """A point of delivery and who provides what there on a day; None where nobody is known."""

    pod: PointOfDelivery
    distributor: ServiceProvider | None
    supplier: ServiceProvider | None
    metering: ServiceProvider | None
    last_supply: PodService | None

    @property
    def is_supplied(self) -> bool:
        """Whether somebody supplies here on that day."""
        return self.supplier is not None


@dataclass(frozen=True)
class PremiseOverview:
    """A premise with its points of delivery; four queries."""

    premise: Premise
    supplies: list[Supply]


def overview(premise: Premise, *, on: dt.date | None = None) -> PremiseOverview:
    """Return a premise, loaded through `visible_to`, with who serves it on a day (today)."""
    day = on or clock.today()
    return PremiseOverview(
        premise=premise,
        supplies=[supply_at(pod, on=day) for pod in deliverypoints_of(premise)],
    )


def deliverypoints_of(premise: Premise) -> QuerySet[PointOfDelivery]:
    """Return the premise's points of delivery, electricity first, with their services fetched."""
    return (
        PointOfDelivery.objects.filter(premise=premise)
        .prefetch_related(
            Prefetch(
                "services",
                PodService.objects.select_related("provider").order_by("-valid_from", "-id"),
            )
        )
        .order_by("division", "id")
    )


def supply_at(pod: PointOfDelivery, *, on: dt.date) -> Supply:
    """Return who provides what at a point of delivery whose services were fetched."""
    services = list(pod.services.all())

    def provider(service: str) -> ServiceProvider | None:
        return next(
            (one.provider for one in services if one.service == service and _covers(one, on)),
            None,
        )

    supplies = (one for one in services if one.service == Service.SUPPLY and one.valid_from <= on)
    return Supply(
        pod=pod,
        distributor=provider(Service.DISTRIBUTION),
        supplier=provider(Service.SUPPLY),
        metering=provider(Service.METERING),
        last_supply=max(supplies, key=lambda one: one.valid_from, default=None),
    )


def _covers(service: PodService, day: dt.date) -> bool:
    return service.valid_from <= day and (service.valid_to is None or day < service.valid_to)


def last_supply(pod: PointOfDelivery) -> PodService | None:
    """Return the latest supply at a point of delivery, running or ended."""
    return (
        PodService.objects.filter(pod=pod, service=Service.SUPPLY)
        .select_related("provider")
        .order_by("-valid_from")
        .first()
    )


def vacant_premises(user: User, *, postcode: str = "", limit: int = 25) -> QuerySet[Premise]:
    """Return premises that nobody is supplied at, newest first; a full postcode narrows them."""
    premises = Premise.objects.visible_to(user).vacant().with_address()
    if postcode:
        premises = premises.filter(connection_object__postcode=postcode)
    return premises.order_by("-id")[:limit]
