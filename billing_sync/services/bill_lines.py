"""Asking the ERP what bills consist of, once each, and keeping it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from billing_sync.choices import ERP, BillLineKind
from billing_sync.gateway.client import ErpGateway, FailureKind, SoapFailure
from billing_sync.models import Bill
from billing_sync.queries.bill_lines import lines_of
from billing_sync.services.standing import TIMEOUT
from events.services import circuit
from events.services.routing import destination_named


def fetch_lines(bills: Iterable[Bill], *, timeout: float = TIMEOUT) -> bool:
    """
    Ask the ERP for the lines of bills that are not known yet; never raises because of the ERP.

    After the first failure nothing more is asked: the page would wait for each of them. What does
    not add up to the bill stays unused and is asked for again.

    :param bills: with their agreements
    :return: whether the ERP has answered for each
    """
    return all(_fetch(bill, timeout) for bill in bills if not lines_of(bill))


def _fetch(bill: Bill, timeout: float) -> bool:
    destination = destination_named(ERP)
    if circuit.is_open(destination):
        return False
    number = bill.agreement.erp_number
    try:
        items = ErpGateway.of_tenant().bill_items(number, bill.number, timeout=timeout)
    except SoapFailure as failure:
        if failure.kind in {FailureKind.NOT_APPLIED, FailureKind.UNKNOWN}:
            circuit.note_failure(destination, failure.text)
        return False
    circuit.note_success(destination)
    bill.keep_lines([kept_of(item) for item in items])
    return True


def kept_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Return what is kept of one item of the ERP's answer."""
    code = str(item["TypeCode"])
    found = {
        # A kind that the ERP has been given since explains nothing, and is a part of the sum.
        "kind": code if code in BillLineKind.values else BillLineKind.OTHER.value,
        "description": item["Description"],
        "amount": item["Amount"],
        "quantity": item.get("Quantity"),
        "price": item.get("Price"),
        "starts_on": item.get("StartDate"),
        "ends_on": item.get("EndDate"),
    }
    return {name: str(value) for name, value in found.items() if value is not None}
