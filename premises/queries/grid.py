"""Which distributor runs the grid at a place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Length

from premises.choices import GridKey, ProviderRole, Service
from premises.models import GridArea, PodService, ServiceProvider
from utilcrm.identifiers.addresses import fold


@dataclass(frozen=True)
class Derived:
    """A distributor found by rule; `is_certain` when the identifier itself says so."""

    provider: ServiceProvider
    is_certain: bool


def distributor_for(
    *, market: str, division: str, external_id: str, postcode: str
) -> Derived | None:
    """
    Return the distributor whose grid area fits best, or None when none does.

    The identifier decides where its scheme names the distributor (GB electricity: the first two
    digits of the MPAN; ES: four digits of the CUPS; DK: the grid area in the GSRN). Elsewhere the
    postcode proposes.
    """
    areas = GridArea.objects.filter(market=market, division=division).select_related("distributor")
    by_identifier = _longest(areas, GridKey.IDENTIFIER, external_id)
    if by_identifier:
        return Derived(by_identifier.distributor, is_certain=True)
    by_postcode = _longest(areas, GridKey.POSTCODE, fold(postcode).replace(" ", "").upper())
    if by_postcode:
        return Derived(by_postcode.distributor, is_certain=False)
    return None


def _longest(areas: QuerySet[GridArea], key: str, value: str) -> GridArea | None:
    if not value:
        return None
    return (
        areas.filter(key=key)
        .annotate(value=Value(value), width=Length("prefix"))
        .filter(value__startswith=F("prefix"))
        .order_by("-width")
        .first()
    )


def distributors(*, market: str, division: str) -> QuerySet[ServiceProvider]:
    """Return the market's distributors of a division, by name."""
    return ServiceProvider.objects.filter(
        market=market, role=ProviderRole.DISTRIBUTOR, division__in=(division, "")
    ).order_by("name")


def distributor_at(*, pod_id: int, day: dt.date) -> ServiceProvider | None:
    """
    Return who runs the grid at a point of delivery on a day; None where nobody is known.

    A day before the first that we know of has that first one: a grid was there before we were.
    """
    services = (
        PodService.objects.filter(pod_id=pod_id, service=Service.DISTRIBUTION)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .select_related("provider")
        .order_by("valid_from")
    )
    first = services.first()
    return first.provider if first else None
