"""Products with prices as the tests need them: rows only. A bare tenant has load profiles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import factory

from access.choices import SegmentCode
from devices.choices import RateType
from premises.choices import Division
from products.choices import PriceComponent, Term
from products.models import GridPrice, GridTariff, Price, Product

FIRST_DAY = dt.date(2020, 1, 1)
ENERGY = {12: Decimal("0.2456"), 24: Decimal("0.2400"), 36: Decimal("0.2350")}
"""Net, per kWh, all day."""

STANDING = Decimal("0.50")


class PriceFactory(factory.django.DjangoModelFactory):
    """A year's fixed energy price since 2020."""

    class Meta:
        model = Price

    product = factory.SubFactory("tests.factories.products.BareProductFactory")
    term_months = Term.MONTHS_12
    component = PriceComponent.ENERGY
    rate_type = RateType.ALL_DAY
    amount = Decimal("0.2456")
    valid_from = FIRST_DAY


class BareProductFactory(factory.django.DjangoModelFactory):
    """A residential power product that has no price yet."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"PRODUCT-{n}")
    name = factory.Sequence(lambda n: f"Home Power {n}")
    division = Division.ELECTRICITY
    segment = SegmentCode.RESIDENTIAL
    master_data_template = "MDT-EL-RES"
    valid_from = FIRST_DAY


class ProductFactory(BareProductFactory):
    """A product with three terms: 0.50 a day; per kWh 0.2456, 0.2400, 0.2350; night at half."""

    @factory.post_generation
    def prices(self, create, extracted, **kwargs):
        for term in Term.values:
            PriceFactory(
                product=self,
                term_months=term,
                component=PriceComponent.STANDING_CHARGE,
                amount=STANDING,
            )
            for rate_type, factor in (("ALL_DAY", "1"), ("DAY", "1.1"), ("NIGHT", "0.5")):
                if rate_type == "ALL_DAY" or self.division == Division.ELECTRICITY:
                    PriceFactory(
                        product=self,
                        term_months=term,
                        rate_type=rate_type,
                        amount=ENERGY[term] * Decimal(factor),
                    )


class GasProductFactory(ProductFactory):
    """A residential gas product; the prices are those of power, which no test minds."""

    name = factory.Sequence(lambda n: f"Home Gas {n}")
    division = Division.GAS
    master_data_template = "MDT-GAS-RES"


class GridTariffFactory(factory.django.DjangoModelFactory):
    """A grid tariff of residential power: 0.20 a day and 0.09 per kWh, by day and by night."""

    class Meta:
        model = GridTariff
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"GRID-EL-RES-{n}")
    name = factory.LazyAttribute(lambda one: f"Grid tariff of {one.distributor.name}")
    distributor = factory.SubFactory("tests.factories.premises.ServiceProviderFactory")
    division = Division.ELECTRICITY
    segment = SegmentCode.RESIDENTIAL
    master_data_template = "MDT-GRID-EL"

    @factory.post_generation
    def prices(self, create, extracted, **kwargs):
        for component, rate_type, amount in (
            (PriceComponent.STANDING_CHARGE, RateType.ALL_DAY, Decimal("0.20")),
            (PriceComponent.ENERGY, RateType.ALL_DAY, Decimal("0.09")),
            (PriceComponent.ENERGY, RateType.DAY, Decimal("0.09")),
            (PriceComponent.ENERGY, RateType.NIGHT, Decimal("0.09")),
        ):
            GridPrice.objects.create(
                tariff=self,
                component=component,
                rate_type=rate_type,
                amount=amount,
                valid_from=FIRST_DAY,
            )
