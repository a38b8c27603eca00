"""The price list on the screen."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from products.choices import PriceComponent
from products.queries.catalogue import price_list
from products.services.pricing import change_price
from tests.factories.products import ProductFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


def test_the_list_shows_each_price_for_each_term_and_the_planned_change(client_for, agent):
    product = ProductFactory(name="Home Power Fix", master_data_template="")
    day = clock.today() + dt.timedelta(days=60)
    change_price(
        product_id=product.pk,
        term_months=24,
        component=PriceComponent.ENERGY,
        rate_type="ALL_DAY",
        amount=Decimal("0.26"),
        valid_from=day,
    )
    (listed,) = price_list(clock.today())
    standing, energy, *_rest = listed.prices
    assert standing.amounts == (Decimal("0.50"),) * 3
    assert energy.amounts == (Decimal("0.2456"), Decimal("0.24"), Decimal("0.235"))
    assert energy.changes_on == day
    page = client_for(agent).get(reverse("products:list")).content.decode()
    assert "24.56 p" in page
    assert "no master data template" in page


def test_the_list_costs_two_queries_however_long_it_is(tenant):
    ProductFactory.create_batch(4)
    with CaptureQueriesContext(connection) as context:
        price_list(clock.today())
    assert len(context) == 2


def test_a_person_without_a_role_does_not_read_the_price_list(client_for, outsider):
    assert client_for(outsider).get(reverse("products:list")).status_code == 403
