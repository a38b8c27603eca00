"""Contracts of an accepted quotation, in both contract models."""

from __future__ import annotations

import pytest

from contracts.choices import ItemRole, ItemStatus
from contracts.models import Contract
from contracts.services.assembling import PointOfDeliveryTaken, assemble_from_quotation
from quotations.services.answering import accept_quotation
from tenants.choices import ContractModel
from tenants.queries import current_profile
from tests.factories.contracts import ContractItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dual(monkeypatch):
    """A tenant with the dual contract model."""
    monkeypatch.setattr(current_profile(), "contract_model", ContractModel.DUAL)


def test_the_single_model_has_one_item(contract):
    item = contract.items.get()

    assert item.role == ItemRole.SUPPLY
    assert item.status == ItemStatus.BLOCKED
    assert item.registers.get().move_in_reading == 1234


def test_the_dual_model_has_supply_then_grid_usage_at_one_point_of_delivery(dual, contract):
    supply, grid = contract.items.order_by("position")

    assert (supply.role, grid.role) == (ItemRole.SUPPLY, ItemRole.GRID_USAGE)
    assert supply.pod == grid.pod
    assert supply.starts_on == grid.starts_on


def test_assembling_twice_makes_nothing_twice(contract, quotation, agent):
    assert assemble_from_quotation(quotation=quotation, actor=agent) == [contract]
    assert Contract.objects.count() == 1


def test_a_point_of_delivery_that_is_taken_is_said_in_words(quotation, agent):
    ContractItemFactory(pod=quotation.items.get().pod)
    accept_quotation(quotation_id=quotation.pk, actor=agent)

    with pytest.raises(PointOfDeliveryTaken, match=quotation.items.get().pod.external_id):
        assemble_from_quotation(quotation=quotation, actor=agent)
