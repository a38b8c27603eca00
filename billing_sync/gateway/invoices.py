"""Invoicing runs as the ERP tells of them, and the pages of what each has made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from lxml import etree

from billing_sync.choices import InvoiceRunKind
from billing_sync.gateway.client import ErpGateway
from billing_sync.gateway.pages import NAMESPACE, plain
from billing_sync.gateway.sound import trouble_with
from utilcrm.memory import collector_held
from utilcrm.soap import FailureKind, SoapFailure

PAGE_SIZE = 10_000
_MOST = Decimal(10) ** 14


@dataclass(frozen=True)
class ToldRun:
    """One run; `month` is the first day of the month in which its invoices are issued."""

    number: str
    month: dt.date
    kind: str
    currency: str
    count: int
    total: Decimal
    closed_at: dt.datetime


@dataclass(frozen=True)
class InvoicePage:
    """Invoices of one run as dicts of texts, and where the next page begins."""

    next_key: str
    invoices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_last(self) -> bool:
        """Whether nothing follows."""
        return self.next_key == ""


def runs_between(gateway: ErpGateway, first: dt.date, last: dt.date) -> list[ToldRun]:
    """
    Return the runs of some months, both included.

    :raises SoapFailure: in one of its four classes
    """
    answer = _answer(
        gateway.answer_bytes(
            "InvoicingRunERPByPeriodQuery", FromMonth=f"{first:%Y-%m}", ToMonth=f"{last:%Y-%m}"
        ),
        "InvoicingRunERPByPeriodResponse",
    )
    try:
        found = [_run(plain(node)) for node in answer.iterchildren(f"{NAMESPACE}InvoicingRun")]
    except (LookupError, ValueError, TypeError, ArithmeticError) as exc:
        raise SoapFailure(FailureKind.UNKNOWN, _("The answer is not what was asked for.")) from exc
    if any(not first <= run.month <= last for run in found):
        raise SoapFailure(FailureKind.UNKNOWN, _("The answer is not what was asked for."))
    return found


def invoices_after(gateway: ErpGateway, run: str, *, after: str) -> InvoicePage:
    """
    Return a page of a run's invoices in the order of their numbers, behind `after`.

    :raises SoapFailure: in one of its four classes
    """
    question: dict[str, Any] = {"InvoicingRunID": run}
    if after:
        question["FromKey"] = after
    envelope = gateway.answer_bytes("InvoiceERPByRunQuery", **question, MaximumNumber=PAGE_SIZE)
    with collector_held():
        answer = _answer(envelope, "InvoiceERPByRunResponse")
        if answer.findtext(f"{NAMESPACE}InvoicingRunID") != run:
            raise _not_the_page()
        next_key = answer.findtext(f"{NAMESPACE}NextKey") or ""
        # one that leads back would be read for ever
        if next_key and not (after < next_key and len(next_key) <= 20):
            raise _not_the_page()
        return InvoicePage(
            next_key=next_key,
            invoices=[plain(node) for node in answer.iterchildren(f"{NAMESPACE}Invoice")],
        )


def _not_the_page() -> SoapFailure:
    return SoapFailure(FailureKind.UNKNOWN, _("The answer is not the page that was asked for."))


def _answer(envelope: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(envelope, parser)
    except etree.XMLSyntaxError as exc:
        raise SoapFailure(FailureKind.UNKNOWN, _("The page is not well-formed XML.")) from exc
    found = next(root.iter(NAMESPACE + name), None)
    if found is None:
        raise SoapFailure(FailureKind.UNKNOWN, _("The answer is not what was asked for."))
    return found


def _run(found: dict[str, Any]) -> ToldRun:
    """Return a run as it was told, or raise one of the errors that its caller turns into one."""
    if trouble_with(found) or any(not isinstance(value, str) for value in found.values()):
        raise ValueError(found)
    number, currency = found["InvoicingRunID"], found["CurrencyCode"]
    closed_at, count = parse_datetime(found["ClosedDateTime"]), int(found["InvoiceNumber"])
    total = Decimal(found["TotalAmount"])
    if closed_at is None or closed_at.tzinfo is None or count < 0 or abs(total) >= _MOST:
        raise ValueError(number)
    if not 0 < len(number) <= 20 or len(currency) != 3:
        raise ValueError(number)
    return ToldRun(
        number=number,
        month=dt.date.fromisoformat(f"{found['Month'][:7]}-01"),
        kind=InvoiceRunKind(found["KindCode"]).value,
        currency=currency,
        count=count,
        total=total,
        closed_at=closed_at,
    )
