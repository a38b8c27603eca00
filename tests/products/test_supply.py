"""Supply agreements: what may be agreed, priced and fed, and what is refused at which field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from events.models import Delivery
from premises.choices import Division
from products.models import ProductSupply, SupplyAgreement, SupplyPrice
from products.services import supply
from tests.factories.products import BareProductFactory
from tests.factories.supply import (
    ProductSupplyFactory,
    SupplierFactory,
    SupplyAgreementFactory,
    SupplyPriceFactory,
    priced_agreement,
)

pytestmark = pytest.mark.django_db
JANUARY = dt.date(dt.datetime.now(tz=dt.UTC).year + 1, 1, 1)
YEAR_AFTER = dt.date(JANUARY.year + 1, 1, 1)
END = dt.date(JANUARY.year + 3, 1, 1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def agreement(tenant) -> SupplyAgreement:
    return SupplyAgreementFactory(valid_to=END)


def test_an_agreement_is_written_down_in_the_tenants_currency(tenant):
    made = supply.create_agreement(
        supplier_id=SupplierFactory().pk,
        number="2027/1",
        division=Division.GAS,
        valid_from=JANUARY,
        valid_to=YEAR_AFTER,
        contracted_kwh=40_000_000,
    )

    assert made.currency == "GBP"
    assert made.is_valid_on(YEAR_AFTER - DAY)
    assert not made.is_valid_on(YEAR_AFTER)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"valid_to": JANUARY}, "valid_to"),
        ({"valid_to": JANUARY - 30 * DAY}, "valid_to"),
        ({"contracted_kwh": -1}, "contracted_kwh"),
        ({"number": "TWICE"}, "number"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused_at_its_field(tenant, facts, field):
    supplier = SupplyAgreementFactory(number="TWICE").supplier
    asked = {"number": "N", "division": Division.GAS, "valid_from": JANUARY, **facts}

    with pytest.raises(supply.AgreementRefused) as refused:
        supply.create_agreement(supplier_id=supplier.pk, **asked)

    assert refused.value.field == field
    assert SupplyAgreement.objects.count() == 1


def test_another_price_ends_the_one_before_and_changes_no_amount(agreement):
    old = SupplyPriceFactory(agreement=agreement, energy_amount=Decimal("0.08"))

    new = supply.set_supply_price(
        agreement_id=agreement.pk, valid_from=JANUARY, energy_amount=Decimal("0.10")
    )

    old.refresh_from_db()
    assert (old.energy_amount, old.valid_to) == (Decimal("0.08"), JANUARY)
    assert new.valid_to is None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"energy_amount": Decimal("-0.01")}, "energy_amount"),
        ({"standing_amount": Decimal(-1)}, "standing_amount"),
        ({"day_amount": Decimal("0.1")}, "night_amount"),
        ({"night_amount": Decimal("0.1")}, "day_amount"),
        ({"valid_from": END}, "valid_from"),
        ({"valid_from": dt.date(2019, 1, 1)}, "valid_from"),
        ({"valid_from": dt.date(2020, 1, 1)}, "valid_from"),
    ],
)
def test_a_price_that_cannot_be_is_refused_at_its_field(agreement, facts, field):
    SupplyPriceFactory(agreement=agreement)
    asked = {"valid_from": JANUARY, "energy_amount": Decimal("0.1"), **facts}

    with pytest.raises(supply.PriceRefused) as refused:
        supply.set_supply_price(agreement_id=agreement.pk, **asked)

    assert refused.value.field == field
    assert SupplyPrice.objects.get().valid_to is None


def test_an_agreement_takes_over_a_product_from_a_day_on(agreement):
    before = ProductSupplyFactory()

    supply.feed_product(product_id=before.product_id, agreement_id=agreement.pk, valid_from=JANUARY)

    rows = ProductSupply.objects.order_by("valid_from")
    assert [(row.agreement_id, row.valid_to) for row in rows] == [
        (before.agreement_id, JANUARY),
        (agreement.pk, None),
    ]
    [message] = Delivery.objects.filter(destination="supply")
    assert message.kind == "product-fed"


def test_an_agreement_feeds_products_of_its_division_in_its_time_and_once(agreement):
    fed = ProductSupplyFactory(agreement=agreement).product
    planned = ProductSupplyFactory(agreement=priced_agreement(), valid_from=JANUARY).product
    cases = [
        (BareProductFactory(division=Division.GAS), agreement, JANUARY, "agreement"),
        (BareProductFactory(), agreement, END, "valid_from"),
        (fed, agreement, JANUARY, "agreement"),
        (planned, agreement, JANUARY - 30 * DAY, "valid_from"),
        (ProductSupplyFactory().product, agreement, dt.date(2021, 1, 1), "valid_from"),
    ]
    before = list(ProductSupply.objects.order_by("pk").values())

    for product, one, day, field in cases:
        with pytest.raises(supply.FeedRefused) as refused:
            supply.feed_product(product_id=product.pk, agreement_id=one.pk, valid_from=day)
        assert refused.value.field == field

    assert list(ProductSupply.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("day", [JANUARY - DAY, dt.date(2021, 1, 1)])
def test_an_agreement_ends_not_long_ago_nor_before_what_is_planned_with_it(agreement, day):
    ProductSupplyFactory(agreement=agreement, valid_from=JANUARY)

    with pytest.raises(supply.AgreementRefused) as refused:
        supply.change_agreement(
            agreement_id=agreement.pk,
            valid_to=day,
            contracted_kwh=None,
            version=None,
        )

    assert refused.value.field == "valid_to"


@pytest.mark.parametrize(
    ("factory", "name"),
    [(ProductSupplyFactory, "productsupply"), (SupplyPriceFactory, "supplyprice")],
)
def test_the_database_keeps_two_at_once_out(agreement, factory, name):
    first = factory(agreement=agreement)
    same = {"product": first.product} if name == "productsupply" else {}

    with (
        pytest.raises(IntegrityError, match=f"products_{name}_no_overlap"),
        transaction.atomic(),
    ):
        factory(agreement=agreement, valid_from=JANUARY, **same)
