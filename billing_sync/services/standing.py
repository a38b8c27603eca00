"""Ask the ERP how an agreement stands now, and keep what it says."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import BusinessAgreement
from billing_sync.choices import ERP
from billing_sync.gateway.client import ErpGateway, FailureKind, SoapFailure
from billing_sync.queries import StandingFigures, standing_for
from billing_sync.services.financials import load_financials
from events.services import circuit
from events.services.routing import destination_named

TIMEOUT = 2.5
"""Seconds that a page may wait for fresh figures."""


def refresh(agreement: BusinessAgreement, *, timeout: float = TIMEOUT) -> StandingFigures | None:
    """
    Fetch an agreement's figures and return them; never raises because of the ERP.

    When the ERP is away, or does not answer in time, what it said last is returned, marked stale
    by its age. ``None`` means that it never said anything about the agreement.
    """
    if agreement.is_replicated:
        _fetch(agreement.erp_number, timeout=timeout)
    figures = standing_for(agreement)
    return figures[0] if figures else None


def refresh_all(agreements: Iterable[BusinessAgreement], *, timeout: float = TIMEOUT) -> bool:
    """
    Fetch the figures of several agreements; tell whether the ERP answered for each it knows.

    After the first failure nothing more is asked: the page would wait for each of them.
    """
    return all(_fetch(one.erp_number, timeout=timeout) for one in agreements if one.is_replicated)


def _fetch(erp_number: str, *, timeout: float) -> bool:
    """Ask and store; tell whether the ERP answered."""
    destination = destination_named(ERP)
    if circuit.is_open(destination):
        # known to be away: the page need not wait to find it out again
        return False
    try:
        found = ErpGateway.of_tenant().financial(erp_number, timeout=timeout)
    except SoapFailure as failure:
        if failure.kind in {FailureKind.NOT_APPLIED, FailureKind.UNKNOWN}:
            circuit.note_failure(destination, failure.text)
        return False
    circuit.note_success(destination)
    if found is not None:
        load_financials([found])
    return True
