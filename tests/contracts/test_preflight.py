"""What would fail is told before the customer hangs up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import PaymentMethod
from contracts.choices import Severity
from contracts.services.preflight import Finding, run_preflight
from tests.factories.contracts import ContractItemFactory

pytestmark = pytest.mark.django_db


def provider(subject):
    """What the ERP would say; the tests' own provider."""
    return [Finding("E42", Severity.BLOCK, f"Nothing for {subject.account.name}.", source="ERP")]


def broken(subject):
    """A provider that cannot be asked."""
    raise ConnectionError


def codes(record, viewer=None) -> dict[str, str]:
    return {one.code: one.severity for one in run_preflight(record, viewer=viewer)}


@pytest.mark.covers("N-02")
def test_a_complete_offer_has_nothing_in_its_way(quotation):
    found = codes(quotation)

    assert Severity.BLOCK not in found.values()
    assert Severity.WARN not in found.values()


@pytest.mark.covers("N-02")
def test_a_product_without_a_template_blocks_with_a_way_to_mend_it(quotation):
    product = quotation.items.get().product
    product.master_data_template = ""
    product.save()

    finding = next(one for one in run_preflight(quotation) if one.code == "TEMPLATE_MISSING")

    assert finding.is_blocking
    assert product.name in finding.text
    assert finding.link_url == reverse("quotations:detail", args=[quotation.uuid])


@pytest.mark.parametrize("days", [-400, 900])
def test_a_start_outside_the_limits_blocks(quotation, days):
    quotation.items.update(start_date=timezone.localdate() + dt.timedelta(days=days))

    assert codes(quotation)["START_DATE"] == Severity.BLOCK


def test_no_agreement_blocks(quotation):
    quotation.business_agreement = None

    assert codes(quotation)["AGREEMENT_MISSING"] == Severity.BLOCK


def test_a_wrong_bank_account_blocks(quotation):
    agreement = quotation.business_agreement
    agreement.payment_method = PaymentMethod.DIRECT_DEBIT
    agreement.iban = "GB00WEST12345698765432"

    assert codes(quotation)["IBAN_INVALID"] == Severity.BLOCK


def test_nobody_to_send_the_link_to_blocks(quotation):
    quotation.account.contact_points.all().delete()

    assert codes(quotation)["EMAIL_MISSING"] == Severity.BLOCK


@pytest.mark.covers("N-02")
def test_a_point_of_delivery_that_is_taken_blocks_and_names_the_other_contract(quotation, agent):
    other = ContractItemFactory(pod=quotation.items.get().pod)

    finding = next(one for one in run_preflight(quotation, viewer=agent) if one.code == "POD_TAKEN")

    assert other.contract.number in finding.text
    assert finding.link_url == reverse("contracts:detail", args=[other.contract.uuid])


def test_a_contract_that_may_not_be_seen_is_not_named(quotation, corporate_manager):
    other = ContractItemFactory(pod=quotation.items.get().pod)

    finding = next(
        one for one in run_preflight(quotation, viewer=corporate_manager) if one.code == "POD_TAKEN"
    )

    assert other.contract.number not in finding.text
    assert not finding.link_url


def test_missing_meter_data_is_a_warning(quotation):
    quotation.items.update(meter_serial="")

    assert codes(quotation)["METER_MISSING"] == Severity.WARN


def test_new_records_are_only_told_of(quotation):
    found = codes(quotation)

    assert found["ACCOUNT_PENDING"] == found["AGREEMENT_PENDING"] == Severity.INFO


def test_the_erp_is_asked_through_its_provider(quotation, settings):
    settings.PREFLIGHT_PROVIDERS = [f"{__name__}.provider"]

    assert codes(quotation)["E42"] == Severity.BLOCK


def test_an_erp_that_is_away_is_said_and_hinders_nobody(quotation, settings):
    settings.PREFLIGHT_PROVIDERS = [f"{__name__}.broken"]

    assert codes(quotation)["ERP_UNKNOWN"] == Severity.UNKNOWN


def test_a_contract_is_checked_like_its_quotation(contract):
    assert Severity.BLOCK not in codes(contract).values()


def test_the_checks_are_shown_as_a_fragment(client_for, agent, quotation):
    quotation.items.update(meter_serial="")

    page = client_for(agent).get(reverse("contracts:quotation_preflight", args=[quotation.uuid]))

    assert 'data-finding="METER_MISSING"' in page.content.decode()
