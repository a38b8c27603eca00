"""Supply and grid usage: two contracts at one point of delivery, where the client has both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.messages import (
    Crm,
    account,
    connection_object,
    contract,
    header,
    new_uuid,
    partner,
    point_of_delivery,
)

HERE = {
    "StreetName": "Hafenstraße",
    "HouseID": "12",
    "PostalCode": "24103",
    "CityName": "Kiel",
    "CountryCode": "DE",
}
GRID: dict[str, Any] = {
    "RoleCode": "GRID_USAGE",
    "ProductCode": "GRID-EL-RES-DE-GRID-10",
    "MasterDataTemplateCode": "MDT-GRID-EL",
    "ServiceProviderCode": "DE-GRID-10",
    "Device": None,
}


@pytest.fixture
def supply(crm: Crm) -> dict[str, Any]:
    """A supply contract that the dual client can take: all that it needs is there."""
    who, where = partner(Address=HERE), connection_object(Address=HERE)
    paid_by = account(who["ExternalReference"])
    at = point_of_delivery(where["ExternalReference"], ExternalID="51238696781", SchemeCode="MALO")
    for operation, content in (
        ("BusinessPartnerERPCreateRequest", {"BusinessPartner": who}),
        ("ContractAccountERPCreateRequest", {"ContractAccount": paid_by}),
        ("ConnectionObjectERPCreateRequest", {"ConnectionObject": where}),
        ("PointOfDeliveryERPCreateRequest", {"PointOfDelivery": at}),
    ):
        assert crm.send(operation, at="nordlicht", **content).succeeded
    return contract(
        of=who["ExternalReference"],
        paid_by=paid_by["ExternalReference"],
        at=at["ExternalReference"],
        CurrencyCode="EUR",
    )


def grid_beside(supply: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the grid usage that goes with a supply."""
    beside = {"SupplyContract": {"ExternalReference": supply["ExternalReference"]}}
    return supply | GRID | {"ExternalReference": new_uuid()} | beside | changes


def order(crm: Crm, wanted: dict[str, Any]) -> Any:
    """Send a contract to the dual client, and return its confirmation."""
    uuid = new_uuid()
    crm.call(
        "UtilitiesContractERPCreateRequest",
        at="nordlicht",
        MessageHeader=header(uuid),
        UtilitiesContract=wanted,
    )
    # The steps of an earlier contract may be told meanwhile.
    return crm.answers_to(uuid)[0]


@pytest.mark.covers("A-11")
def test_the_supply_is_accepted_first_and_the_grid_usage_second(crm: Crm, supply) -> None:
    first, second = order(crm, supply), order(crm, grid_beside(supply))

    assert first.succeeded
    assert second.succeeded, second.codes
    numbers = {one.content["ConfirmedObject"]["InternalID"] for one in (first, second)}
    assert len(numbers) == 2


def test_grid_usage_by_the_distributors_tariff_needs_no_prices(crm: Crm, supply) -> None:
    order(crm, supply)

    assert order(crm, grid_beside(supply, Price=[])).succeeded


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SupplyContract": None}, "SUPPLY_MISSING"),
        ({"SupplyContract": {"ExternalReference": new_uuid()}}, "SUPPLY_MISSING"),
        ({"MasterDataTemplateCode": "MDT-EL-RES"}, "MDT_ROLE"),
        ({"ProductCode": "EL-RES-FIX", "Price": []}, "PRICE_MISSING"),
    ],
)
def test_grid_usage_that_goes_with_nothing_is_refused(
    crm: Crm, supply, changes: dict[str, Any], code: str
) -> None:
    order(crm, supply)

    assert order(crm, grid_beside(supply, **changes)).codes == [code]


def test_grid_usage_may_stand_alone_where_another_supplier_delivers(crm: Crm, supply) -> None:
    alone = grid_beside(supply, SupplyContract=None, StandAloneIndicator=True)

    assert order(crm, alone).succeeded


def test_a_supply_is_not_generated_by_the_template_of_a_grid(crm: Crm, supply) -> None:
    assert order(crm, supply | {"MasterDataTemplateCode": "MDT-GRID-EL"}).codes == ["MDT_ROLE"]


def test_a_simulation_is_told_which_supply_would_come_first(crm: Crm, supply) -> None:
    grid = grid_beside(supply)

    assert crm.simulate(grid, at="nordlicht") == ["SUPPLY_MISSING"]
    assert crm.simulate(grid, at="nordlicht", SupplyContract=supply) == []


def test_the_single_model_knows_no_grid_usage(crm: Crm) -> None:
    wanted = crm.prepared(**GRID, StandAloneIndicator=True)

    assert crm.simulate(wanted) == ["ROLE_NOT_SUPPORTED"]
