"""What the ERP says of its runs, soundly and not (C-19)."""

from __future__ import annotations

import datetime as dt

import pytest

from billing_sync.gateway.client import SoapFailure
from billing_sync.gateway.invoices import invoices_after, runs_between

MONTH = dt.date(2026, 11, 1)
SOUND = {
    "InvoicingRunID": "2026110000",
    "Month": "2026-11",
    "KindCode": "REGULAR",
    "CurrencyCode": "GBP",
    "InvoiceNumber": "3",
    "TotalAmount": "37.02",
    "ClosedDateTime": "2026-11-05T06:00:00Z",
}


class Erp:
    """Answers with what it is given."""

    def __init__(self, message: str) -> None:
        self.message = message

    def answer_bytes(self, operation: str, **question: object) -> bytes:
        return f"<e>{self.message}</e>".encode()


def told(**facts: str) -> Erp:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in (SOUND | facts).items())
    return Erp(
        '<InvoicingRunERPByPeriodResponse xmlns="urn:utilcrm:erp"><!-- a comment -->'
        f"<InvoicingRun><!-- another -->{inner}</InvoicingRun></InvoicingRunERPByPeriodResponse>"
    )


def test_a_sound_run_is_read_as_it_was_told() -> None:
    [run] = runs_between(told(), MONTH, MONTH)

    assert (run.number, run.month, run.count) == ("2026110000", MONTH, 3)


@pytest.mark.parametrize(
    "facts",
    [
        {"Month": "2026-10"},
        {"Month": "0001-01"},
        {"InvoiceNumber": "-1"},
        {"TotalAmount": "NaN"},
        {"TotalAmount": "9" * 15},
        {"KindCode": "WHIM"},
        {"CurrencyCode": "POUND"},
        {"InvoicingRunID": "9" * 21},
        {"InvoicingRunID": "<Nested>1</Nested>"},
        {"ClosedDateTime": "2026-11-05T06:00:00"},
    ],
    ids=str,
)
def test_a_run_that_cannot_be_is_a_failure_of_the_erp_and_none_of_ours(facts) -> None:
    with pytest.raises(SoapFailure):
        runs_between(told(**facts), MONTH, MONTH)


@pytest.mark.parametrize("key", ["900000000001", "1", "9" * 21])
def test_a_page_that_leads_back_is_not_read_for_ever(key: str) -> None:
    erp = Erp(
        '<InvoiceERPByRunResponse xmlns="urn:utilcrm:erp"><InvoicingRunID>1</InvoicingRunID>'
        f"<NextKey>{key}</NextKey></InvoiceERPByRunResponse>"
    )

    with pytest.raises(SoapFailure):
        invoices_after(erp, "1", after="900000000001")
