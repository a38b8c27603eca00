"""Suppliers, agreements and prices as the tests need them: rows only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import factory

from premises.choices import Division
from products.models import ProductSupply, Supplier, SupplyAgreement, SupplyPrice

FIRST_DAY = dt.date(2020, 1, 1)


class SupplierFactory(factory.django.DjangoModelFactory):
    """A supplier that sells us energy."""

    class Meta:
        model = Supplier

    code = factory.Sequence(lambda n: f"S{n}")
    name = factory.Sequence(lambda n: f"Generation {n}")
    our_number = "4711"


class SupplyAgreementFactory(factory.django.DjangoModelFactory):
    """Power since 2020, until further notice, without a price."""

    class Meta:
        model = SupplyAgreement

    supplier = factory.SubFactory(SupplierFactory)
    number = factory.Sequence(lambda n: f"A-{n}")
    division = Division.ELECTRICITY
    valid_from = FIRST_DAY
    currency = "GBP"


class SupplyPriceFactory(factory.django.DjangoModelFactory):
    """What is paid since the agreement began."""

    class Meta:
        model = SupplyPrice

    agreement = factory.SubFactory(SupplyAgreementFactory)
    valid_from = factory.SelfAttribute("agreement.valid_from")
    energy_amount = Decimal("0.081")


class ProductSupplyFactory(factory.django.DjangoModelFactory):
    """An agreement feeds a product since it began."""

    class Meta:
        model = ProductSupply

    product = factory.SubFactory("tests.factories.products.BareProductFactory")
    agreement = factory.SubFactory(SupplyAgreementFactory)
    valid_from = factory.SelfAttribute("agreement.valid_from")


def priced_agreement(**facts: object) -> SupplyAgreement:
    """Make an agreement with a price."""
    agreement: SupplyAgreement = SupplyAgreementFactory(**facts)
    SupplyPriceFactory(agreement=agreement)
    return agreement
