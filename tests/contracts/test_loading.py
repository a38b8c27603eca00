"""Contracts that the ERP has already come in by the thousand, once each."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from access.choices import SegmentCode
from contracts.choices import ContractStatus, ItemStatus
from contracts.models import Contract, ContractItem
from contracts.services.loading import ContractRow, load_contracts
from tests.factories.accounts import BusinessAgreementFactory, OrganisationFactory
from tests.factories.contracts import ContractItemFactory
from tests.factories.premises import PointOfDeliveryFactory
from tests.factories.products import BareProductFactory, GridTariffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(tenant):
    return BusinessAgreementFactory(erp_number="000000000001", account=OrganisationFactory())


@pytest.fixture
def pod(tenant):
    return PointOfDeliveryFactory(erp_number="P1")


def row(**changes) -> ContractRow:
    facts = {
        "erp_number": "0000000001",
        "external_reference": None,
        "contract_external_reference": None,
        "contract_number": "",
        "role": "SUPPLY",
        "agreement_erp_number": "000000000001",
        "pod_erp_number": "P1",
        "division": "ELECTRICITY",
        "product_code": "",
        "starts_on": dt.date(2024, 1, 1),
        "ends_on": None,
        "term_months": 12,
        "expected_annual_kwh": 3000,
        "status": ItemStatus.COMPLETED,
    }
    return ContractRow(**facts | changes)


def test_a_contract_of_the_erp_comes_in_with_its_customer_and_place(agreement, pod):
    product = BareProductFactory()

    loaded = load_contracts([row(product_code=product.code)])

    item = ContractItem.objects.select_related("contract").get()
    assert loaded.created == 1
    assert not loaded.rejects
    assert item.contract.account == agreement.account
    assert item.contract.status == ContractStatus.ACTIVE
    assert (item.erp_number, item.product, item.pod) == ("0000000001", product, pod)
    pod.premise.refresh_from_db()
    assert pod.premise.segment == SegmentCode.CORPORATE


def test_a_second_run_changes_nothing(agreement, pod):
    load_contracts([row()])

    loaded = load_contracts([row()])

    assert (loaded.created, loaded.updated) == (0, 0)
    assert Contract.objects.count() == 1


def test_an_end_set_in_the_erp_comes_in_and_empties_the_premise(agreement, pod):
    load_contracts([row()])

    loaded = load_contracts([row(ends_on=dt.date(2025, 1, 1), status=ItemStatus.ENDED)])

    assert loaded.updated == 1
    assert Contract.objects.get().status == ContractStatus.ENDED
    pod.premise.refresh_from_db()
    assert pod.premise.segment is None


def test_missing_parents_are_rejected_in_words(agreement, pod):
    loaded = load_contracts(
        [
            row(erp_number="1", agreement_erp_number="9"),
            row(erp_number="2", pod_erp_number="P9"),
        ]
    )

    assert [(one.key, one.code) for one in loaded.rejects] == [
        ("1", "AGREEMENT_MISSING"),
        ("2", "POD_MISSING"),
    ]
    assert not Contract.objects.exists()


def test_two_contracts_at_one_place_and_time_do_not_both_come_in(agreement, pod):
    loaded = load_contracts([row(erp_number="1"), row(erp_number="2")])

    assert loaded.created == 1
    assert [one.code for one in loaded.rejects] == ["OVERLAP"]
    assert Contract.objects.count() == 1


def test_supply_and_grid_usage_come_in_as_one_contract(agreement, pod):
    load_contracts([row(erp_number="1"), row(erp_number="2", role="GRID_USAGE")])

    assert Contract.objects.get().items.count() == 2


def test_our_own_contract_that_overtook_its_confirmation_is_recognised(agreement, pod):
    item = ContractItemFactory(pod=pod, status=ItemStatus.QUEUED, block_reason="")

    loaded = load_contracts([row(external_reference=item.uuid)])

    item.refresh_from_db()
    assert loaded.created == 0
    assert item.erp_number == "0000000001"
    assert item.status == ItemStatus.QUEUED


def test_our_reference_is_kept_when_our_own_record_is_gone(agreement, pod):
    reference, contract_reference = uuid.uuid4(), uuid.uuid4()

    load_contracts(
        [row(external_reference=reference, contract_external_reference=contract_reference)]
    )

    assert ContractItem.objects.get().uuid == reference
    assert Contract.objects.get().uuid == contract_reference


def test_grid_usage_comes_in_beside_its_supply_with_the_distributors_tariff(agreement, pod):
    tariff = GridTariffFactory(code="GRID-EL-RES-42")

    load_contracts(
        [
            row(erp_number="1"),
            row(erp_number="2", role="GRID_USAGE", product_code="GRID-EL-RES-42"),
        ]
    )

    supply, grid = ContractItem.objects.order_by("position")
    assert supply.contract == grid.contract
    assert grid.supply_item == supply
    assert (grid.grid_tariff, grid.product_name) == (tariff, tariff.name)
    assert grid.service_provider == tariff.distributor
