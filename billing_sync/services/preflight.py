"""What the ERP would refuse, asked before the customer signs (N-02)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from billing_sync.choices import ERP
from billing_sync.gateway.client import ErpGateway, SoapFailure
from billing_sync.gateway.client import Finding as ErpFinding
from billing_sync.gateway.mapping.partner import business_partner, contract_account
from billing_sync.gateway.mapping.simulation import simulated_contract
from billing_sync.gateway.mapping.technical import connection_object, point_of_delivery
from billing_sync.services import outcomes
from contracts.choices import ItemRole, Severity
from contracts.services.preflight import Finding, PreflightItem, PreflightSubject, link
from events.services import circuit
from events.services.handling import Refused
from events.services.routing import destination_named

TIMEOUT = 3.0
"""Seconds that the agent waits for the ERP's opinion, per item."""

_SEVERITY = {1: Severity.INFO, 2: Severity.WARN, 3: Severity.BLOCK, 4: Severity.BLOCK}


def check(subject: PreflightSubject) -> list[Finding]:
    """
    Ask the ERP what it would find in each item; never raises because of the ERP.

    A product, an agreement or a start that is missing is not the ERP's to find: such an item
    is not asked about.
    """
    findings: list[Finding] = []
    for item in subject.items:
        if item.product is None or item.starts_on is None or subject.business_agreement is None:
            continue
        findings += _check_item(subject, item)
    return list(dict.fromkeys(findings))


def _check_item(subject: PreflightSubject, item: PreflightItem) -> list[Finding]:
    destination = destination_named(ERP)
    if circuit.is_open(destination):
        return [_unknown(_("The ERP cannot be reached."))]
    try:
        found = ErpGateway.of_tenant().simulate(timeout=TIMEOUT, **_question(subject, item))
    except SoapFailure as failure:
        outcome = outcomes.of_failure(failure)
        if isinstance(outcome, Refused):
            return [
                Finding(
                    outcome.code,
                    Severity.BLOCK,
                    _("The ERP would not understand the order: %(why)s") % {"why": failure.text},
                    field=outcome.field,
                    source="ERP",
                )
            ]
        circuit.note_outcome(destination, outcome)
        return [_unknown(failure.text)]
    circuit.note_success(destination)
    return [_finding(one, subject) for one in found if one.code != "ALREADY_EXISTS"]


def _question(subject: PreflightSubject, item: PreflightItem) -> dict[str, Any]:
    """Return the contract, and with it whatever would be created before it."""
    question: dict[str, Any] = {}
    supply = next((one for one in subject.supplies if one.pod == item.pod), None)
    if item.role == ItemRole.GRID_USAGE and supply is not None:
        first = simulated_contract(subject, supply)
        question["UtilitiesContract"] = simulated_contract(subject, item, supply=first)
        question["SupplyContract"] = first
    else:
        question["UtilitiesContract"] = simulated_contract(subject, item)
    account, agreement, pod = subject.account, subject.business_agreement, item.pod
    building = pod.premise.connection_object
    if not account.is_replicated:
        question["BusinessPartner"] = business_partner(account)
    if agreement is not None and not agreement.is_replicated:
        question["ContractAccount"] = contract_account(agreement)
    if not building.is_replicated:
        question["ConnectionObject"] = connection_object(building)
    if not pod.is_replicated:
        question["PointOfDelivery"] = point_of_delivery(pod)
    return question


def _finding(found: ErpFinding, subject: PreflightSubject) -> Finding:
    # locked for the moment: it will be tried again by itself
    severity = Severity.WARN if found.is_retryable else _SEVERITY[found.severity]
    return Finding(
        found.code,
        severity,
        found.text,
        field=found.field,
        link_url=_mended_at(found, subject),
        link_label=_("Correct it") if severity == Severity.BLOCK else "",
        source="ERP",
    )


def _mended_at(found: ErpFinding, subject: PreflightSubject) -> str:
    if found.field in {"IBAN"} and subject.business_agreement is not None:
        return link("accounts:agreement_edit", subject.business_agreement.uuid)
    if found.field in {"LastName", "OrganisationName", "BirthDate"}:
        return link("accounts:edit", subject.account.uuid)
    return subject.edit_url


def _unknown(reason: str) -> Finding:
    return Finding(
        "ERP_UNKNOWN",
        Severity.UNKNOWN,
        _("The ERP could not be asked (%(why)s). What it would refuse shows later.")
        % {"why": reason.rstrip(".")},
        source="ERP",
    )
