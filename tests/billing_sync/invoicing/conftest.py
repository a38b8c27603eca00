"""The print company and its archive, in this process but behind a real socket."""

from __future__ import annotations

import base64
import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing_sync.models import InvoiceRun, InvoiceToken, PrintEndpoint
from billing_sync.services.invoicing.connecting import connect_printer
from billing_sync.services.invoicing.loading import count_loaded, load_page
from sandbox.archive.__main__ import KINDS, Archive
from sandbox.archive.press import Line, Press, envelope, said
from sandbox.archive.shelf import Shelf
from sandbox.faults import Faults
from sandbox.http import Server
from tests.factories.accounts import BusinessAgreementFactory
from utilcrm.clock import today
from utilcrm.db.months import first_of

LOG_IN = "print:print-secret"
TOKEN = "TOKEN-{}-that-nobody-else-may-ever-see"
A, B, C = "900000012611", "900000022611", "900000032611"
ONE, TWO, THREE = (TOKEN.format(word) for word in ("one", "two", "three"))


@dataclass
class PrintingHouse:
    """The stand-in, and where it listens."""

    archive: Archive
    url: str

    @property
    def faults(self) -> Faults:
        return self.archive.faults

    @property
    def press(self) -> Press:
        return self.archive.press

    def keep(self, number: str, token: str, *, issued: dt.date) -> None:
        """Put a copy on the shelf."""
        self.press.shelf.keep(
            [
                {
                    "token": token,
                    "client": "unified",
                    "number": number,
                    "month": f"{issued:%Y-%m}",
                    "issued": issued.isoformat(),
                    "due": issued.isoformat(),
                    "amount": "12.34",
                    "currency": "GBP",
                    "name": "Margaret (née O'Neil)",
                }
            ]
        )


@pytest.fixture(scope="session")
def printing_house_of_session(tmp_path_factory) -> Iterator[PrintingHouse]:
    shelf = Shelf(tmp_path_factory.mktemp("archive") / "archive.sqlite")
    press = Press(shelf, erp="", callback="", user="print", password="print-secret")
    archive = Archive(press, Faults(KINDS), user="archive", password="archive-secret")
    server = Server(archive, port=0)
    yield PrintingHouse(archive, f"http://127.0.0.1:{server.start()}/archive")
    server.stop()


@pytest.fixture
def printing_house(printing_house_of_session: PrintingHouse) -> PrintingHouse:
    """The stand-in without faults and with an empty shelf."""
    house = printing_house_of_session
    house.faults.clear()
    house.press.shelf.clear()
    house.press.delivered.clear()
    return house


def connect(house_url: str) -> PrintEndpoint:
    """Set the print company up as the tenant's."""
    printer = connect_printer(
        name="Printing house",
        inbound_username="print",
        inbound_password="print-secret",
        archive_url=house_url,
        archive_username="archive",
        archive_password="archive-secret",
    )
    PrintEndpoint.objects.update(connect_timeout=1, read_timeout=1)
    return printer


@pytest.fixture
def month() -> dt.date:
    """The month of the invoicing run."""
    return first_of(today())


@pytest.fixture
def make_run(month: dt.date) -> Callable[..., InvoiceRun]:
    """Make a run that is here: ``make_run({"900000012611": agreement})``."""

    def make(invoices: dict[str, Any], **facts: Any) -> InvoiceRun:
        values = {
            "erp_id": f"{InvoiceRun.objects.count():010d}",
            "month": month,
            "kind": "REGULAR",
            "currency": "GBP",
            "closed_at": timezone.now(),
            "expected": len(invoices),
            "expected_amount": Decimal("12.34") * len(invoices),
        }
        run = InvoiceRun.objects.create(**values | facts)
        load_page(run, [line_of(number, one, run.month) for number, one in invoices.items()])
        count_loaded(run)
        run.mark_loaded(at=timezone.now())
        return run

    return make


def line_of(number: str, agreement: Any, month: dt.date, **facts: str) -> dict[str, str]:
    """Return an invoice as the ERP's page has it."""
    return {
        "InvoiceID": number,
        "ContractAccountID": getattr(agreement, "erp_number", agreement),
        "InvoiceDate": (month + dt.timedelta(days=4)).isoformat(),
        "DueDate": (month + dt.timedelta(days=18)).isoformat(),
        "Amount": "12.34",
        "CurrencyCode": "GBP",
        "DeliveryCode": getattr(agreement, "invoice_delivery", "PAPER"),
        **facts,
    }


@pytest.fixture
def agreements() -> list[Any]:
    """Three customers whom the ERP knows."""
    return [
        BusinessAgreementFactory(erp_number=f"{200_000_000_001 + at}", invoice_delivery="EMAIL")
        for at in range(3)
    ]


@pytest.fixture
def run(printer, agreements, make_run) -> InvoiceRun:
    """This month's run with three invoices, and no token yet."""
    return make_run(dict(zip((A, B, C), agreements, strict=True)))


def held() -> dict[str, int]:
    """Return the newest token's version by invoice."""
    rows = InvoiceToken.objects.order_by("version").values_list("number", "version")
    return dict(rows)


@pytest.fixture
def printer(printing_house: PrintingHouse, db) -> PrintEndpoint:
    """The tenant's print company."""
    return connect(printing_house.url)


@pytest.fixture
def deliver(client_for, month: dt.date, printer) -> Callable[..., dict[str, Any]]:
    """Post lines as the print company does: ``deliver(("900000012611", token), …)``."""

    def post(*lines: Any, body: bytes | None = None, log_in: str = LOG_IN, **more: Any) -> Any:
        host = {"at": more.pop("at")} if "at" in more else {}
        if body is None:
            message = [line if isinstance(line, Line) else Line(*line) for line in lines]
            body = envelope(message, more.pop("month", f"{month:%Y-%m}"), **more)
        pair = base64.b64encode(log_in.encode()).decode()
        answer = client_for(None, **host).post(
            "/soap/print/",
            data=body,
            content_type="text/xml; charset=utf-8",
            headers={"Authorization": f"Basic {pair}"},
        )
        return {"status": answer.status_code, "body": answer.content, **said(answer.content)}

    return post


@pytest.fixture
def slow_server() -> Iterator[str]:
    """An archive that sends one byte every tenth of a second, for ever."""
    stopped = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        line, _address = listener.accept()
        with line, suppress(OSError):
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-")
            while not stopped.wait(0.1):
                line.sendall(b"x")

    threading.Thread(target=drip, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/archive"
    stopped.set()
    listener.close()


@pytest.fixture
def unused_tcp_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
