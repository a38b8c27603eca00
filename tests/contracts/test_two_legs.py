"""Supply and grid usage as two legs of one contract: what is shown, checked, sent and kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from billing_sync.gateway.mapping.contract import utilities_contract
from billing_sync.gateway.mapping.simulation import simulated_contract
from contracts.choices import ContractStatus, ItemStatus, Severity
from contracts.models import Contract, ContractItem
from contracts.queries import journey
from contracts.queries.totals import totals_of_legs
from contracts.services import drafting, replication
from contracts.services.amending import Amendment, amend_contract
from contracts.services.letters import NotConfirmedYet, send_welcome_letter
from contracts.services.preflight import run_preflight, subject_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dual")]


def legs(contract: Contract) -> tuple[ContractItem, ContractItem]:
    """Return supply and grid usage."""
    supply, grid = contract.items.order_by("position")
    return supply, grid


@pytest.fixture
def queued(contract) -> Contract:
    """The contract, signed, both legs on their way to the ERP."""
    now = timezone.now()
    contract.mark_signed(at=now, withdrawal_until=timezone.localdate() + dt.timedelta(days=14))
    for item in legs(contract):
        item.mark_queued(at=now)
    return contract


@pytest.mark.covers("A-09", "A-11")
def test_the_page_and_the_papers_show_both_legs_and_what_they_cost(contract, agent, client_for):
    page = client_for(agent).get(reverse("contracts:detail", args=[contract.uuid]))

    totals = page.context["totals"]
    assert [leg.role for leg in totals.legs] == ["SUPPLY", "GRID_USAGE"]
    assert sum(leg.cost.gross for leg in totals.legs) == totals.total.gross
    assert legs(contract)[1].service_provider.name in page.content.decode()
    written = drafting.describe_contract(contract, language="en")
    assert [one["role"] for one in written["totals"]] == ["SUPPLY", "GRID_USAGE", "TOGETHER"]
    assert written["items"][1]["provider"] == legs(contract)[1].service_provider.name


@pytest.mark.covers("A-11")
def test_supply_may_be_completed_while_the_grid_waits_and_nobody_is_welcomed(queued):
    supply, grid = legs(queued)

    replication.mark_completed(item_uuid=supply.uuid, erp_number="0000000001")

    queued.refresh_from_db()
    assert queued.status == ContractStatus.IN_PROCESS
    states = {stage.key: stage.state for stage in journey(queued)}
    assert (states["erp-supply"], states["erp-grid_usage"]) == ("done", "waiting")
    with pytest.raises(NotConfirmedYet):
        send_welcome_letter(contract=queued)
    replication.mark_completed(item_uuid=grid.uuid, erp_number="0000000002")
    queued.refresh_from_db()
    assert queued.completed_at
    assert queued.status == ContractStatus.ACTIVE


def test_each_leg_has_a_failure_of_its_own(queued):
    supply, grid = legs(queued)
    replication.mark_completed(item_uuid=supply.uuid, erp_number="0000000001")

    replication.mark_rejected(item_uuid=grid.uuid, code="MDT_MISSING", text="No template.")

    supply, grid = legs(queued)
    assert (supply.status, supply.failure_text) == (ItemStatus.COMPLETED, "")
    assert (grid.status, grid.failure_text) == (ItemStatus.REJECTED, "No template.")


def test_the_customer_may_leave_with_the_supply_and_keep_the_grid(queued):
    supply, grid = legs(queued)
    for item, number in ((supply, "0000000001"), (grid, "0000000002")):
        replication.mark_completed(item_uuid=item.uuid, erp_number=number)
    supply.refresh_from_db()

    supply.mark_ended(on=supply.starts_on + dt.timedelta(days=90), at=timezone.now())
    queued.refresh_status(list(queued.items.values_list("status", flat=True)))

    _supply, grid = legs(queued)
    assert grid.status == ItemStatus.COMPLETED
    assert grid.stands_alone
    assert queued.status == ContractStatus.ACTIVE
    assert totals_of_legs(queued, queued.items.prefetch_related("prices")) is None


def test_the_erp_is_told_what_the_grid_usage_goes_with(contract):
    supply, grid = legs(contract)

    first, second = utilities_contract(supply), utilities_contract(grid)

    assert first["RoleCode"] == "SUPPLY"
    assert first["ServiceProviderCode"] == supply.service_provider.code
    assert "SupplyContract" not in first
    assert second["SupplyContract"] == {"ExternalReference": str(supply.uuid)}
    assert second["ProductCode"] == grid.grid_tariff.code
    assert second["MasterDataTemplateCode"] == "MDT-GRID-EL"
    assert len(second["Price"]) == 2
    assert "Device" not in second
    assert "StandAloneIndicator" not in second


def test_a_change_before_the_signature_moves_both_legs_and_one_meter(requested, agent):
    later = legs(requested)[0].starts_on + dt.timedelta(days=3)

    amend_contract(
        contract=requested,
        version=None,
        amendment=Amendment(
            starts_on=later, meter_serial="E99", business_agreement=requested.business_agreement
        ),
        actor=agent,
    )

    supply, grid = legs(requested)
    assert (supply.starts_on, grid.starts_on) == (later, later)
    assert (supply.meter_serial, grid.meter_serial) == ("E99", "")


@pytest.mark.covers("N-02")
def test_a_complete_pair_has_nothing_in_its_way(dual):
    assert not [one for one in run_preflight(dual) if one.severity != Severity.INFO]


@pytest.mark.covers("N-02")
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"service_provider": None, "grid_tariff": None}, "DISTRIBUTOR_UNKNOWN"),
        ({"grid_tariff": None}, "GRID_TARIFF_MISSING"),
    ],
)
def test_grid_usage_that_nobody_can_price_is_told_beforehand(dual, spoil, code):
    dual.items.filter(role="GRID_USAGE").update(**spoil)

    assert code in {one.code for one in run_preflight(dual) if one.is_blocking}


@pytest.mark.covers("N-02")
def test_a_tariff_without_a_template_is_told_beforehand(dual):
    tariff = dual.items.get(role="GRID_USAGE").grid_tariff
    tariff.master_data_template = ""
    tariff.save()

    finding = next(one for one in run_preflight(dual) if one.code == "TEMPLATE_MISSING")

    assert tariff.distributor.name in finding.text


def test_what_both_legs_have_in_common_is_said_once(dual):
    dual.items.update(start_date=timezone.localdate() - dt.timedelta(days=400))

    assert [one.code for one in run_preflight(dual)].count("START_DATE") == 1


def test_the_erp_is_asked_about_grid_usage_with_the_supply_that_comes_first(dual):
    subject = subject_of(dual)
    first = simulated_contract(subject, subject.items[0])

    grid = simulated_contract(subject, subject.items[1], supply=first)

    assert grid["SupplyContract"] == {"ExternalReference": first["ExternalReference"]}
    assert grid["RoleCode"] == "GRID_USAGE"
