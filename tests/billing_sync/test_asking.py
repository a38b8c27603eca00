"""What the ERP is asked while somebody waits: it may be slow, away or talking nonsense."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from accounts.models import BusinessAgreement
from billing_sync.models import Standing
from billing_sync.models.copies import STALE_AFTER
from billing_sync.queries import active_endpoint, standing_for
from billing_sync.services.connecting import check_endpoint
from billing_sync.services.standing import refresh
from contracts.choices import Severity
from contracts.services.preflight import run_preflight
from tests.billing_sync.test_sending import signed_item
from tests.factories.accounts import BusinessAgreementFactory
from tests.support.erp import SandboxErp


@pytest.fixture
def agreement(erp: SandboxErp) -> BusinessAgreement:
    """An agreement that the ERP has billed for a year, and told us about."""
    agreement = BusinessAgreementFactory(erp_number="200000000001")
    refresh(agreement)
    return agreement


@pytest.mark.covers("B-07", "C-17")
def test_the_balance_shown_is_the_erps_with_its_time(
    erp: SandboxErp, agreement: BusinessAgreement
) -> None:
    Standing.objects.update(balance="-1", as_of=timezone.now() - 2 * STALE_AFTER)
    assert standing_for(agreement)[0].is_stale

    figures = refresh(agreement)

    assert figures is not None
    assert figures.balance >= 0
    assert not figures.is_stale
    assert len(figures.bills) == 12


@pytest.mark.covers("B-07")
def test_the_last_figures_are_shown_as_old_when_the_erp_is_away(
    erp: SandboxErp, agreement: BusinessAgreement
) -> None:
    Standing.objects.update(as_of=timezone.now() - 2 * STALE_AFTER)
    before = standing_for(agreement)[0]
    erp.kill()
    try:
        figures = refresh(agreement)
    finally:
        erp.start()

    assert figures is not None
    assert figures.is_stale
    assert figures.balance == before.balance


@pytest.mark.covers("B-07")
def test_a_page_waits_no_longer_than_agreed_for_a_slow_erp(
    erp: SandboxErp, agreement: BusinessAgreement
) -> None:
    erp.control("faults", [{"kind": "delay", "seconds": 8}])
    started = time.monotonic()

    figures = refresh(agreement, timeout=1)

    assert time.monotonic() - started < 3
    assert figures is not None


@pytest.mark.covers("N-02")
def test_the_preflight_check_tells_what_the_erp_would_refuse(erp: SandboxErp) -> None:
    item = signed_item()
    item.prices.all().delete()

    findings = run_preflight(item.contract)

    codes = {one.code: one for one in findings if one.source == "ERP"}
    assert codes["PRICE_MISSING"].severity == Severity.BLOCK
    assert erp.ledger() == []


@pytest.mark.covers("N-02")
def test_an_order_without_fault_passes_the_erps_check(erp: SandboxErp) -> None:
    item = signed_item()

    findings = run_preflight(item.contract)

    assert [one for one in findings if one.source == "ERP" and one.is_blocking] == []
    assert Severity.UNKNOWN not in {one.severity for one in findings}


@pytest.mark.parametrize("fault", ["http_503_html", "malformed_xml", "soap_fault"])
def test_a_check_that_cannot_be_made_says_so_and_stops_nobody(erp: SandboxErp, fault: str) -> None:
    erp.control("faults", [{"kind": fault}])
    item = signed_item()

    findings = run_preflight(item.contract)

    assert Severity.UNKNOWN in {one.severity for one in findings}
    assert not any(one.is_blocking for one in findings if one.source == "ERP")


def test_the_connection_check_names_who_answers(erp: SandboxErp) -> None:
    endpoint = active_endpoint()
    assert endpoint is not None

    result = check_endpoint(endpoint)

    assert result.is_ok, result.text
    assert "unified" in result.text


def test_the_connection_check_says_what_is_wrong(erp: SandboxErp) -> None:
    endpoint = active_endpoint()
    assert endpoint is not None
    endpoint.set_password("wrong")
    endpoint.save()

    assert "log-in" in check_endpoint(endpoint).text
