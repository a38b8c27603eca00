"""Quotations as the tests need them: rows only, no events, no documents."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import factory
from django.utils import timezone

from devices.choices import RateType, Unit
from products.choices import PriceComponent
from quotations.choices import ApprovalStatus, QuotationStatus
from quotations.models import (
    Approval,
    Quotation,
    QuotationItem,
    QuotationItemPrice,
    QuotationItemRegister,
)
from tenants.choices import ItemRole
from tests.factories.accounts import AccountFactory
from tests.factories.premises import GasPointOfDeliveryFactory, PointOfDeliveryFactory
from tests.factories.products import GasProductFactory, GridTariffFactory, ProductFactory


class QuotationFactory(factory.django.DjangoModelFactory):
    """A draft without items. `created_by` must be given."""

    class Meta:
        model = Quotation

    number = factory.Sequence(lambda n: f"{8_000_000_000 + n}")
    account = factory.SubFactory(AccountFactory)
    binding_until = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=30))
    changed_by = factory.SelfAttribute("created_by")


class SentQuotationFactory(QuotationFactory):
    """An offer that binds for another 30 days."""

    status = QuotationStatus.SENT
    sent_at = factory.LazyFunction(timezone.now)
    sent_to = "customer@example.com"


class QuotationItemFactory(factory.django.DjangoModelFactory):
    """
    Power for a year from tomorrow, complete: product, copied prices, meter, one register.

    `quotation` must be given. Prices are those of `ProductFactory`.
    """

    class Meta:
        model = QuotationItem
        skip_postgeneration_save = True

    position = factory.LazyAttribute(lambda one: one.quotation.items.count() + 1)
    pod = factory.SubFactory(PointOfDeliveryFactory)
    division = factory.SelfAttribute("pod.division")
    product = factory.SubFactory(
        ProductFactory, segment=factory.SelfAttribute("..quotation.account.segment")
    )
    term_months = 12
    start_date = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=1))
    expected_annual_kwh = 4_000
    discount_percent = Decimal(0)
    meter_serial = factory.Sequence(lambda n: f"19L{n:07d}")

    @factory.post_generation
    def prices(self, create, extracted, **kwargs):
        if self.product is None:
            return
        for price in self.product.prices.filter(
            term_months=self.term_months, rate_type=RateType.ALL_DAY
        ):
            agreed = price.amount
            if price.component == PriceComponent.ENERGY:
                agreed = price.amount * (100 - self.discount_percent) / 100
            QuotationItemPrice.objects.create(
                item=self,
                component=price.component,
                rate_type=price.rate_type,
                amount=price.amount,
                discounted_amount=agreed,
            )

    @factory.post_generation
    def registers(self, create, extracted, **kwargs):
        gas = self.division == "GAS"
        QuotationItemRegister.objects.create(
            item=self,
            code="001",
            unit=Unit.M3 if gas else Unit.KWH,
            digits=5 if gas else 6,
            move_in_reading=Decimal(1234),
        )


class GasQuotationItemFactory(QuotationItemFactory):
    """Gas for a year from tomorrow, complete."""

    pod = factory.SubFactory(GasPointOfDeliveryFactory)
    product = factory.SubFactory(
        GasProductFactory, segment=factory.SelfAttribute("..quotation.account.segment")
    )
    expected_annual_kwh = 12_000


class ApprovalFactory(factory.django.DjangoModelFactory):
    """A request for ten per cent. `quotation` and `requested_by` must be given."""

    class Meta:
        model = Approval

    percent = Decimal(10)
    limit = Decimal(5)
    status = ApprovalStatus.PENDING


class GridUsageItemFactory(factory.django.DjangoModelFactory):
    """The use of the grid beside a supply, priced by the tariff. `supply_item` must be given."""

    class Meta:
        model = QuotationItem
        skip_postgeneration_save = True

    quotation = factory.SelfAttribute("supply_item.quotation")
    position = factory.LazyAttribute(lambda one: one.quotation.items.count() + 1)
    role = ItemRole.GRID_USAGE
    pod = factory.SelfAttribute("supply_item.pod")
    division = factory.SelfAttribute("pod.division")
    grid_tariff = factory.SubFactory(GridTariffFactory)
    service_provider = factory.SelfAttribute("grid_tariff.distributor")
    start_date = factory.SelfAttribute("supply_item.start_date")
    expected_annual_kwh = factory.SelfAttribute("supply_item.expected_annual_kwh")

    @factory.post_generation
    def prices(self, create, extracted, **kwargs):
        for price in self.grid_tariff.prices.filter(rate_type=RateType.ALL_DAY):
            QuotationItemPrice.objects.create(
                item=self,
                component=price.component,
                rate_type=price.rate_type,
                amount=price.amount,
                discounted_amount=price.amount,
            )
