"""Contracts of an accepted quotation, in both contract models."""

from __future__ import annotations

import pytest

from contracts.choices import ItemRole, ItemStatus
from contracts.models import Contract
from contracts.services.assembling import (
    NothingToAssemble,
    PointOfDeliveryTaken,
    assemble_from_quotation,
)
from quotations.services.answering import accept_quotation
from tenants.choices import ContractModel
from tests.factories.contracts import ContractItemFactory

pytestmark = pytest.mark.django_db


def test_the_single_model_has_one_item(contract):
    item = contract.items.get()

    assert item.role == ItemRole.SUPPLY
    assert item.status == ItemStatus.BLOCKED
    assert item.registers.get().move_in_reading == 1234


@pytest.mark.covers("A-11")
def test_the_dual_model_has_supply_then_grid_usage_at_one_point_of_delivery(dual, contract):
    supply, grid = contract.items.order_by("position")

    assert (supply.role, grid.role) == (ItemRole.SUPPLY, ItemRole.GRID_USAGE)
    assert supply.pod == grid.pod
    assert supply.starts_on == grid.starts_on
    assert grid.supply_item == supply
    assert grid.service_provider == grid.grid_tariff.distributor
    assert not grid.registers.exists()


@pytest.mark.covers("A-11")
def test_both_legs_keep_the_prices_of_the_quotation_to_the_last_digit(dual, contract, quotation):
    offered = quotation.items.order_by("position")

    for item, one in zip(contract.items.order_by("position"), offered, strict=True):
        assert {(p.component, p.rate_type, p.agreed_amount) for p in item.prices.all()} == {
            (p.component, p.rate_type, p.discounted_amount) for p in one.prices.all()
        }


def test_a_supply_without_its_grid_usage_makes_no_contract(quotation, agent, switch):
    accept_quotation(quotation_id=quotation.pk, actor=agent)
    switch(contract_model=ContractModel.DUAL)

    with pytest.raises(NothingToAssemble):
        assemble_from_quotation(quotation=quotation, actor=agent)


def test_assembling_twice_makes_nothing_twice(contract, quotation, agent):
    assert assemble_from_quotation(quotation=quotation, actor=agent) == [contract]
    assert Contract.objects.count() == 1


def test_a_point_of_delivery_that_is_taken_is_said_in_words(quotation, agent):
    ContractItemFactory(pod=quotation.items.get().pod)
    accept_quotation(quotation_id=quotation.pk, actor=agent)

    with pytest.raises(PointOfDeliveryTaken, match=quotation.items.get().pod.external_id):
        assemble_from_quotation(quotation=quotation, actor=agent)
