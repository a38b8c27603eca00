"""Invoicing runs: the invoices of a month, made once and kept, and the file for the printer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.erp import soap
from sandbox.erp.book.store import Row
from sandbox.erp.financials import (
    DAYS_TO_INVOICE,
    DAYS_TO_PAY,
    amount_of,
    invoice_number,
    month_start,
)
from sandbox.erp.findings import error
from sandbox.erp.office import Office

KINDS = ("REGULAR", "CORRECTION", "HISTORY")


class BadRun(ValueError):
    """Raised when a run cannot be made as it was asked for."""


def make_run(office: Office, wish: dict[str, Any]) -> Row:
    """Make the invoices that are issued in a month, once; return the run.

    `month` (`2026-11`, default: this one); `kind`; `announce`: how many more the run says it has
    made than there are in its list, as a broken ERP would.

    :raises BadRun: when month or kind is none
    """
    kind = wish.get("kind", "REGULAR")
    if kind not in KINDS:
        raise BadRun(f"kind must be one of {', '.join(KINDS)}")
    month = _month(wish.get("month") or office.today().isoformat()[:7])
    number = f"{month:%Y%m}{KINDS.index(kind):04d}"
    store = office.store
    with store.transaction():
        if store.one("SELECT 1 FROM invoice_run WHERE id = ?", number) is None:
            lines = list(_lines(office, month, kind, number))
            if lines:
                store.insert_many("run_invoice", tuple(lines[0]), lines)
            store.insert(
                "invoice_run",
                id=number,
                month=f"{month:%Y-%m}",
                kind=kind,
                closed_at=datetime.now(UTC).isoformat(timespec="seconds"),
                number=len(lines) + int(wish.get("announce", 0)),
                total=str(sum((Decimal(line["amount"]) for line in lines), Decimal("0.00"))),
            )
    return store.one("SELECT * FROM invoice_run WHERE id = ?", number) or {}


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadRun("month must look like 2026-11") from None


def _lines(office: Office, month: date, kind: str, run: str) -> Any:
    start = month_start(month, 1)
    issued = month + timedelta(days=DAYS_TO_INVOICE)
    for account in office.store.all("SELECT * FROM contract_account ORDER BY id"):
        since = account["billed_since"]
        if not account["monthly_base"] or not since:
            continue
        if kind != "HISTORY" and date.fromisoformat(since) >= month:
            continue
        yield {
            "run_id": run,
            "id": invoice_number(account["id"], start, kind=int(kind == "CORRECTION")),
            "account_id": account["id"],
            "issued": issued.isoformat(),
            "due": (issued + timedelta(days=DAYS_TO_PAY)).isoformat(),
            "amount": str(amount_of(account, start)),
            "delivery": account["invoice_delivery"],
        }


def made_runs(office: Office, first: str = "", last: str = "9999") -> list[Row]:
    """Return the runs of some months, the oldest first."""
    return office.store.all(
        "SELECT * FROM invoice_run WHERE month >= ? AND month <= ? ORDER BY id", first, last
    )


def runs_of(office: Office, query: dict[str, Any]) -> dict[str, Any]:
    """Answer which runs there were in some months."""
    return {
        "InvoicingRun": [
            {
                "InvoicingRunID": run["id"],
                "Month": run["month"],
                "KindCode": run["kind"],
                "CurrencyCode": office.client.currency,
                "InvoiceNumber": run["number"],
                "TotalAmount": Decimal(run["total"]),
                "ClosedDateTime": datetime.fromisoformat(run["closed_at"]),
            }
            for run in made_runs(office, query["FromMonth"], query["ToMonth"])
        ],
        "Log": soap.log([]),
    }


def invoices_of(office: Office, query: dict[str, Any]) -> dict[str, Any]:
    """Answer a page of one run's invoices, by number."""
    number, size = query["InvoicingRunID"], int(query["MaximumNumber"])
    run = office.store.one("SELECT * FROM invoice_run WHERE id = ?", number)
    if run is None:
        note = f"Run {number} does not exist"
        log = soap.log([error("NOT_FOUND", "InvoicingRunID", note)])
        return {"InvoicingRunID": number, "TotalNumber": 0, "Log": log}
    lines = office.store.all(
        "SELECT * FROM run_invoice WHERE run_id = ? AND id > ? ORDER BY id LIMIT ?",
        number,
        query.get("FromKey", ""),
        size + 1,
    )
    return {
        "InvoicingRunID": number,
        "TotalNumber": run["number"],
        "NextKey": lines[size - 1]["id"] if len(lines) > size else None,
        "Invoice": [
            {
                "InvoiceID": line["id"],
                "ContractAccountID": line["account_id"],
                "InvoiceDate": line["issued"],
                "DueDate": line["due"],
                "Amount": line["amount"],
                "CurrencyCode": office.client.currency,
                "DeliveryCode": line["delivery"],
            }
            for line in lines[:size]
        ],
        "Log": soap.log([]),
    }


def print_file(office: Office, run: str) -> list[Row]:
    """Return the invoices of a run as the print company gets them, with name and currency."""
    return [
        {**line, "currency": office.client.currency}
        for line in office.store.all(
            "SELECT i.*, r.month, coalesce(nullif(p.organisation_name, ''),"
            " p.first_name || ' ' || p.last_name) AS name"
            " FROM run_invoice i JOIN invoice_run r ON r.id = i.run_id"
            " JOIN contract_account a ON a.id = i.account_id"
            " JOIN business_partner p ON p.id = a.bp_id WHERE i.run_id = ? ORDER BY i.id",
            run,
        )
    ]
