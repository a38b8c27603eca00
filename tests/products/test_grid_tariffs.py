"""What distributors charge for the use of their grids."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from premises.models import ServiceProvider
from premises.services.seeding import seed_market
from premises.services.serving import own_supplier
from products.models import GridTariff, Product
from products.queries.grid import grid_lines, grid_tariff_of
from products.queries.pricing import NoPrice
from products.services.grid_tariffs import GRID_CHARGES, seed_grid_tariffs
from products.services.seeding import seed_demo_catalogue
from tenants.choices import ContractModel
from utilcrm.clock import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def london() -> ServiceProvider:
    """The distributor whose identifiers begin with 12, and its tariffs."""
    seed_market("GB")
    seed_grid_tariffs()
    return ServiceProvider.objects.get(code="LOND")


def test_every_distributor_gets_a_tariff_for_each_kind_of_customer_once(london):
    tariffs = GridTariff.objects.filter(distributor=london)

    assert {(one.division, one.segment) for one in tariffs} == {
        ("ELECTRICITY", "RESIDENTIAL"),
        ("ELECTRICITY", "CORPORATE"),
    }
    assert all(one.can_be_generated for one in tariffs)
    assert seed_grid_tariffs() == 0


def test_a_tariff_has_a_standing_charge_and_the_energy_prices_of_the_meter(london):
    tariff = grid_tariff_of(distributor_id=london.pk, division="ELECTRICITY", segment="RESIDENTIAL")

    double = grid_lines(tariff_id=tariff.pk, day=today(), rate="DOUBLE")

    assert [(one.component, one.rate_type) for one in double] == [
        ("STANDING_CHARGE", "ALL_DAY"),
        ("ENERGY", "DAY"),
        ("ENERGY", "NIGHT"),
    ]
    assert not any(one.is_discounted for one in double)


def test_grid_usage_has_no_price_before_its_price_sheet(london):
    tariff = grid_tariff_of(distributor_id=london.pk, division="ELECTRICITY", segment="RESIDENTIAL")

    with pytest.raises(NoPrice):
        grid_lines(tariff_id=tariff.pk, day=dt.date(2001, 1, 1), rate="SINGLE")


def test_products_cost_as_much_less_as_the_grid_is_charged_apart(switch):
    switch(contract_model=ContractModel.DUAL)

    seed_demo_catalogue()

    price = Product.objects.get(code="EL-RES-FIX").prices.get(
        term_months=12, component="ENERGY", rate_type="ALL_DAY", valid_to__isnull=False
    )
    assert price.amount == Decimal("0.2456") - GRID_CHARGES["GB"].energy["ELECTRICITY"]


def test_we_are_a_supplier_under_the_code_that_the_erp_uses():
    ours = own_supplier()

    assert (ours.code, ours.role) == ("GB-UNIFIED", "SUPPLIER")
    assert own_supplier() == ours
