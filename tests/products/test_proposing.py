"""Which products are proposed, at which prices."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from access.choices import SegmentCode
from devices.choices import Rate, RateType
from premises.choices import Division
from products.choices import PriceComponent
from products.models import LoadProfile, Price
from products.queries.pricing import NoLoadProfile, NoPrice, discounted, price_lines
from products.queries.proposing import propose
from products.services.pricing import PriceInForce, change_price
from tests.factories.products import (
    BareProductFactory,
    PriceFactory,
    ProductFactory,
)

pytestmark = pytest.mark.django_db

START = dt.date(2027, 3, 1)


def propose_power(**facts):
    values = {
        "division": Division.ELECTRICITY,
        "segment": SegmentCode.RESIDENTIAL,
        "start_date": START,
        "annual_kwh": 4_000,
    }
    return propose(**(values | facts))


@pytest.mark.covers("C-02")
def test_one_product_shows_three_prices_for_its_three_terms(tenant):
    ProductFactory()
    (proposal,) = propose_power()
    energy = [term.lines[1].agreed for term in proposal.terms]
    assert [term.term_months for term in proposal.terms] == [12, 24, 36]
    assert energy == [Decimal("0.2456"), Decimal("0.2400"), Decimal("0.2350")]
    assert len({term.cost.gross for term in proposal.terms}) == 3


def test_the_cost_contains_standing_charge_energy_and_the_segments_tax(tenant):
    ProductFactory()
    cost = propose_power()[0].terms[0].cost
    assert cost.standing_net == Decimal("183.00")
    assert cost.energy_net == Decimal("982.40")
    assert cost.vat_rate == tenant.profile.vat_residential
    assert cost.gross == round(Decimal("1165.40") * (1 + cost.vat_rate), 2)


def test_a_double_rate_meter_is_offered_day_and_night_prices(tenant):
    ProductFactory()
    lines = propose_power(rate=Rate.DOUBLE)[0].terms[0].lines
    assert [(line.component, line.rate_type) for line in lines] == [
        (PriceComponent.STANDING_CHARGE, RateType.ALL_DAY),
        (PriceComponent.ENERGY, RateType.DAY),
        (PriceComponent.ENERGY, RateType.NIGHT),
    ]


def test_the_discount_lowers_the_energy_price_and_leaves_the_standing_charge(tenant):
    ProductFactory()
    standing, energy = propose_power(discount_percent=Decimal(10))[0].terms[0].lines
    assert standing.agreed == standing.amount
    assert energy.agreed == Decimal("0.221040")
    assert energy.is_discounted


def test_a_discounted_price_is_rounded_half_up_to_six_decimals():
    assert discounted(Decimal("0.000001"), Decimal(50)) == Decimal("0.000001")
    assert discounted(Decimal("0.333333"), Decimal(5)) == Decimal("0.316666")


def test_a_product_without_a_complete_price_is_not_proposed(tenant):
    product = BareProductFactory()
    PriceFactory(product=product)
    assert propose_power() == []


def test_products_of_other_segments_divisions_and_times_are_not_proposed(tenant):
    ProductFactory(segment=SegmentCode.CORPORATE)
    ProductFactory(division=Division.GAS)
    ProductFactory(valid_to=START)
    ProductFactory(valid_from=START + dt.timedelta(days=1))
    wanted = ProductFactory(valid_to=START + dt.timedelta(days=1))
    assert [proposal.product for proposal in propose_power()] == [wanted]


def test_the_cheapest_product_comes_first(tenant):
    dear, cheap = ProductFactory(name="A"), ProductFactory(name="B")
    Price.objects.filter(product=cheap, component=PriceComponent.ENERGY).update(amount="0.1")
    assert [proposal.product for proposal in propose_power()] == [cheap, dear]


def test_a_tenant_without_load_profiles_is_told_so(tenant):
    ProductFactory()
    LoadProfile.objects.all().delete()
    with pytest.raises(NoLoadProfile):
        propose_power()


def test_the_number_of_queries_does_not_grow_with_the_catalogue(tenant):
    ProductFactory()
    propose_power()
    with CaptureQueriesContext(
        connection,
    ) as few:
        propose_power()
    ProductFactory.create_batch(5)
    with CaptureQueriesContext(connection) as many:
        propose_power()
    assert len(few) == len(many) == 3


def test_two_prices_for_the_same_thing_cannot_be_in_force_at_once(tenant):
    price = PriceFactory(valid_to=dt.date(2027, 1, 1))
    PriceFactory(product=price.product, valid_from=dt.date(2027, 1, 1))
    with pytest.raises(IntegrityError, match="products_price_no_overlap"), transaction.atomic():
        PriceFactory(product=price.product, valid_from=dt.date(2026, 12, 31))


def test_a_changed_price_counts_for_supplies_that_begin_from_its_day_on(tenant, supervisor):
    product = ProductFactory()
    change_price(
        product_id=product.pk,
        term_months=12,
        component=PriceComponent.ENERGY,
        rate_type=RateType.ALL_DAY,
        amount=Decimal("0.30"),
        valid_from=dt.date(2027, 4, 1),
        actor=supervisor,
    )

    def energy_on(day):
        facts = {"product_id": product.pk, "term_months": 12, "rate": Rate.SINGLE}
        return price_lines(day=day, **facts)[1].agreed

    assert energy_on(dt.date(2027, 3, 31)) == Decimal("0.2456")
    assert energy_on(dt.date(2027, 4, 1)) == Decimal("0.30")
    with pytest.raises(PriceInForce):
        change_price(
            product_id=product.pk,
            term_months=12,
            component=PriceComponent.ENERGY,
            rate_type=RateType.ALL_DAY,
            amount=Decimal("0.40"),
            valid_from=dt.date(2027, 1, 1),
        )


def test_a_term_that_has_no_price_on_the_day_is_refused(tenant):
    product = ProductFactory()
    with pytest.raises(NoPrice):
        price_lines(
            product_id=product.pk, term_months=12, day=dt.date(2019, 12, 31), rate=Rate.SINGLE
        )
