"""Supply and grid usage become one contract, wherever a page of the ERP's book ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import pytest

from contracts.models import Contract, ContractItem
from contracts.services.loading import ContractRow, load_contracts
from tenants.choices import ContractModel
from tests.contracts.test_loading import row
from tests.factories.accounts import BusinessAgreementFactory, OrganisationFactory
from tests.factories.contracts import ContractItemFactory
from tests.factories.premises import PointOfDeliveryFactory
from tests.factories.products import GridTariffFactory

pytestmark = pytest.mark.django_db

PLACES = 4
FIRST, LATER = dt.date(2022, 1, 1), dt.date(2024, 1, 1)
ORDERS: dict[str, Callable[[ContractRow], object]] = {
    "the supply first": lambda one: (one.pod_erp_number, one.starts_on, one.role != "SUPPLY"),
    "the grid first": lambda one: (one.pod_erp_number, one.starts_on, one.role == "SUPPLY"),
    "all supplies first": lambda one: (one.role != "SUPPLY", one.pod_erp_number, one.starts_on),
    "all grids first": lambda one: (one.role == "SUPPLY", one.pod_erp_number, one.starts_on),
}


@pytest.fixture
def rows(switch) -> list[ContractRow]:
    """At each place a pair that ended, and the pair that took its place."""
    switch(contract_model=ContractModel.DUAL)
    BusinessAgreementFactory(erp_number="000000000001", account=OrganisationFactory())
    GridTariffFactory(code="GRID-EL-RES-42")
    found = []
    for place in range(PLACES):
        PointOfDeliveryFactory(erp_number=f"P{place}")
        for starts_on, ends_on in ((FIRST, LATER), (LATER, None)):
            for role, product in (("SUPPLY", ""), ("GRID_USAGE", "GRID-EL-RES-42")):
                found.append(
                    row(
                        erp_number=f"{len(found):010d}",
                        role=role,
                        product_code=product,
                        pod_erp_number=f"P{place}",
                        starts_on=starts_on,
                        ends_on=ends_on,
                        status="ENDED" if ends_on else "COMPLETED",
                    )
                )
    return found


def pages(rows: Sequence[ContractRow], size: int) -> Iterable[Sequence[ContractRow]]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


def assert_paired() -> None:
    assert Contract.objects.count() == 2 * PLACES
    for contract in Contract.objects.prefetch_related("items__grid_tariff"):
        supply, grid = sorted(contract.items.all(), key=lambda item: item.position)
        assert (supply.role, grid.role) == ("SUPPLY", "GRID_USAGE")
        assert (supply.pod_id, supply.starts_on) == (grid.pod_id, grid.starts_on)
        assert grid.supply_item_id == supply.pk
        assert grid.grid_tariff.code == "GRID-EL-RES-42"
        assert contract.status == ("ENDED" if supply.ends_on else "ACTIVE")


@pytest.mark.covers("A-01", "A-03")
@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("order", ORDERS)
def test_a_pair_is_one_contract_whatever_the_size_of_the_pages(rows, order, size):
    rows.sort(key=ORDERS[order])

    loaded = [load_contracts(page) for page in pages(rows, size)]

    assert sum(one.created for one in loaded) == len(rows)
    assert [one.rejects for one in loaded if one.rejects] == []
    assert_paired()
    again = [load_contracts(page) for page in pages(rows, size + 1)]
    assert {(one.created, one.updated) for one in again} == {(0, 0)}


@pytest.mark.covers("A-03")
@pytest.mark.parametrize("broken_off_at", range(1, 8))
def test_a_download_that_broke_off_between_both_goes_on_with_the_same_contract(rows, broken_off_at):
    load_contracts(rows[:broken_off_at])

    # begun anew, with pages of another size
    for page in pages(rows, 3):
        load_contracts(page)

    assert_paired()


@pytest.mark.covers("A-01")
def test_grid_usage_that_the_erp_adds_to_a_supply_of_ours_joins_its_contract(rows):
    supply = ContractItemFactory(
        pod=PointOfDeliveryFactory(erp_number="P9"),
        starts_on=LATER,
        status="COMPLETED",
        block_reason="",
        erp_number="0000000900",
    )
    contract = supply.contract
    type(contract.business_agreement).objects.filter(pk=contract.business_agreement_id).update(
        erp_number="000000000009"
    )

    place = {"pod_erp_number": "P9", "agreement_erp_number": "000000000009", "starts_on": LATER}

    load_contracts([row(erp_number="0000000901", role="GRID_USAGE", **place)])

    grid = ContractItem.objects.get(erp_number="0000000901")
    assert (grid.contract, grid.supply_item) == (contract, supply)


@pytest.mark.covers("A-01")
def test_another_customers_grid_usage_stays_a_contract_of_its_own(rows):
    BusinessAgreementFactory(erp_number="000000000002")
    load_contracts(rows[:1])

    load_contracts([rows[1]._replace(agreement_erp_number="000000000002")])

    assert [one.items.count() for one in Contract.objects.all()] == [1, 1]
