"""Buildings, premises and points of delivery as the tests need them: rows only."""

from __future__ import annotations

import datetime as dt

import factory

from premises.choices import Division, PremiseKind, ProviderRole, Service
from premises.models import ConnectionObject, PodService, PointOfDelivery, Premise, ServiceProvider
from utilcrm.identifiers.addresses import match_key
from utilcrm.identifiers.schemes import mpan


def make_mpan(number: int, *, distributor: str = "12") -> str:
    """Return an MPAN with a right check digit; the same number gives the same MPAN."""
    first_twelve = f"{distributor}{number:010d}"
    return f"{first_twelve}{mpan.check_digit(first_twelve)}"


class ConnectionObjectFactory(factory.django.DjangoModelFactory):
    """A building in London."""

    class Meta:
        model = ConnectionObject

    street = "Baker Street"
    house_number = factory.Sequence(lambda n: str(1 + n))
    postcode = "NW1 6XE"
    town = "London"
    country = "GB"
    match_key = factory.LazyAttribute(
        lambda one: match_key(one.postcode, one.street, one.house_number)
    )


class PremiseFactory(factory.django.DjangoModelFactory):
    """A vacant household."""

    class Meta:
        model = Premise

    connection_object = factory.SubFactory(ConnectionObjectFactory)
    kind = PremiseKind.HOUSEHOLD
    segment = None


class PointOfDeliveryFactory(factory.django.DjangoModelFactory):
    """An electricity supply."""

    class Meta:
        model = PointOfDelivery

    premise = factory.SubFactory(PremiseFactory)
    division = Division.ELECTRICITY
    external_id = factory.Sequence(make_mpan)
    scheme = "MPAN"
    valid_from = dt.date(2020, 1, 1)


class GasPointOfDeliveryFactory(PointOfDeliveryFactory):
    """A gas supply."""

    division = Division.GAS
    external_id = factory.Sequence(lambda n: f"{3_500_000_000 + n}")
    scheme = "MPRN"


class ServiceProviderFactory(factory.django.DjangoModelFactory):
    """A distributor."""

    class Meta:
        model = ServiceProvider

    code = factory.Sequence(lambda n: f"DIST{n}")
    name = factory.Sequence(lambda n: f"Distribution {n}")
    role = ProviderRole.DISTRIBUTOR
    market = "GB"
    division = Division.ELECTRICITY


class PodServiceFactory(factory.django.DjangoModelFactory):
    """Distribution since 2020."""

    class Meta:
        model = PodService

    pod = factory.SubFactory(PointOfDeliveryFactory)
    service = Service.DISTRIBUTION
    provider = factory.SubFactory(ServiceProviderFactory)
    valid_from = dt.date(2020, 1, 1)
