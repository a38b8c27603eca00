"""
A hostile or broken other side: whatever it answers, the error is of the right class, nothing is
fetched from anywhere, memory stays bounded, and the next call works.
"""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from billing_sync.gateway.client import BINDING, SCHEMA, WSDL, ErpGateway
from billing_sync.gateway.sound import trouble_with
from billing_sync.services.loading import load_objects
from tests.support.erp import SandboxErp
from tests.support.hostile import MIB, XML_FOLLOWS, Line, doctype, envelope, http, laughs
from utilcrm import soap
from utilcrm.soap import Endpoint, FailureKind, SoapClient, SoapFailure

UNKNOWN, NOT_APPLIED = FailureKind.UNKNOWN, FailureKind.NOT_APPLIED
HEADER = (
    "<MessageHeader><ID>1</ID><UUID>0d7c1d0e-0000-4000-8000-000000000001</UUID>"
    "<CreationDateTime>2026-11-23T10:00:00Z</CreationDateTime>"
    "<SenderBusinessSystemID>ERP</SenderBusinessSystemID>"
    "<RecipientBusinessSystemID>UTILCRM</RecipientBusinessSystemID></MessageHeader>"
)


def financial(**changes: str) -> str:
    """The ERP's answer about a contract account, with some values changed."""
    values = {
        "at": "2026-11-23T10:00:00Z",
        "balance": "12.50",
        "overdue": "0",
        "score": "80",
        "more": "",
        "namespace": "urn:utilcrm:erp",
        "header": HEADER,
    } | changes
    return (
        '<ContractAccountERPFinancialByIDResponse xmlns="{namespace}">{header}<Financial>'
        "<ContractAccountID>200000000001</ContractAccountID>"
        "<BusinessPartnerID>1000000001</BusinessPartnerID>"
        "<AsOfDateTime>{at}</AsOfDateTime><CurrencyCode>GBP</CurrencyCode>"
        "<Balance>{balance}</Balance><OverdueAmount>{overdue}</OverdueAmount>"
        "<CreditScore>{score}</CreditScore><DunningProcedureCode>01</DunningProcedureCode>"
        "<DunningLevel>0</DunningLevel>{more}</Financial><Log>"
        "<BusinessDocumentProcessingResultCode>3</BusinessDocumentProcessingResultCode>"
        "<MaximumLogItemSeverityCode>1</MaximumLogItemSeverityCode></Log>"
        "</ContractAccountERPFinancialByIDResponse>"
    ).format(**values)


def slowly(caller: socket.socket) -> None:
    caller.sendall(XML_FOLLOWS + b"Content-Length: 5000\r\n\r\n")
    for _n in range(100):
        caller.sendall(b"<")
        time.sleep(0.1)


def slowly_from_the_start(caller: socket.socket) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nX: " + b"x" * 100:
        caller.sendall(bytes([letter]))
        time.sleep(0.1)


def endless_chunks(caller: socket.socket) -> None:
    caller.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    while True:
        caller.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def very_long(caller: socket.socket) -> None:
    caller.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 209715200\r\n\r\n"
    )
    while True:
        caller.sendall(b" " * 0x10000)


def reset(caller: socket.socket) -> None:
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def silence(caller: socket.socket) -> None:
    time.sleep(3)


GOOD = envelope(financial())
FAULT = "<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring>{detail}</s:Fault>"
Zoo = dict[str, tuple[Any, FailureKind]]


def answers(trap: int) -> Zoo:
    """What the other side may answer, and the class of error that it is."""
    away = f"http://127.0.0.1:{trap}/x"
    utf7 = '<?xml version="1.0" encoding="UTF-7"?>'
    return {
        "an external entity": (
            envelope(financial(balance="&x;"), before=doctype(f'<!ENTITY x SYSTEM "{away}">')),
            UNKNOWN,
        ),
        "a local file as entity": (
            envelope(
                financial(balance="&x;"),
                before=doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'),
            ),
            UNKNOWN,
        ),
        "a parameter entity": (
            envelope(financial(), before=doctype(f'<!ENTITY % p SYSTEM "{away}"> %p;')),
            UNKNOWN,
        ),
        "an external document type": (
            envelope(financial(), before=f'<!DOCTYPE Envelope SYSTEM "{away}">'),
            UNKNOWN,
        ),
        "an entity bomb": (envelope(financial(balance="&a8;"), before=laughs()), UNKNOWN),
        "an attribute bomb": (
            envelope(
                financial(),
                before=doctype(f'<!ENTITY a "{"x" * 50000}">' + '<!ENTITY b "&a;&a;&a;&a;">'),
            ),
            UNKNOWN,
        ),
        "a document type without any harm": (envelope(financial(), before=doctype("")), UNKNOWN),
        "200 MB": (very_long, UNKNOWN),
        "chunks without an end": (endless_chunks, UNKNOWN),
        "10,000 levels": (
            envelope(financial(more="<x>" * 10_000 + "</x>" * 10_000)),
            UNKNOWN,
        ),
        "a text of 11 MB": (envelope(financial(balance="1" * 11 * MIB)), UNKNOWN),
        "UTF-7": (GOOD.replace(b'<?xml version="1.0" encoding="utf-8"?>', utf7.encode()), UNKNOWN),
        "UTF-16 that says it is UTF-8": (GOOD.decode().encode("utf-16"), UNKNOWN),
        "bytes that are no UTF-8": (GOOD.replace(b"GBP", b"\xff\xfe\xfa"), UNKNOWN),
        "a NUL": (GOOD.replace(b"GBP", b"G\0P"), UNKNOWN),
        "another namespace": (envelope(financial(namespace="urn:other")), UNKNOWN),
        "SOAP 1.2": (
            envelope(financial(), namespace="http://www.w3.org/2003/05/soap-envelope"),
            UNKNOWN,
        ),
        "no envelope": (financial().encode(), UNKNOWN),
        "two bodies": (GOOD.replace(b"</s:Body>", b"</s:Body><s:Body/>"), UNKNOWN),
        "an empty body": (envelope(""), UNKNOWN),
        "a text for a body": (envelope("hello"), UNKNOWN),
        "no body": (GOOD.replace(b"s:Body", b"s:Head"), UNKNOWN),
        "another answer": (envelope('<Other xmlns="urn:utilcrm:erp"/>'), UNKNOWN),
        "HTML in a 200": (http(b"<html><body>Log in</body></html>", kind="text/html"), UNKNOWN),
        "HTML in a 503": (
            http(b"<html><body>away</body></html>", status="503 Away", kind="text/html"),
            UNKNOWN,
        ),
        "JSON": (http(b'{"ok": true}', kind="application/json"), UNKNOWN),
        "nothing": (http(b""), UNKNOWN),
        "a redirect": (http(b"", status="302 Found", more=f"Location: {away}\r\n"), UNKNOWN),
        "a redirect to a file": (
            http(b"", status="307 There", more="Location: file:///etc/passwd\r\n"),
            UNKNOWN,
        ),
        "a log-in page": (http(b"", status="401 No"), NOT_APPLIED),
        "the 31st of February": (envelope(financial(at="2026-02-31T10:00:00Z")), UNKNOWN),
        "the year nought": (envelope(financial(at="0000-01-01T00:00:00Z")), UNKNOWN),
        "NaN": (envelope(financial(balance="NaN")), UNKNOWN),
        "1e9": (envelope(financial(balance="1e9")), UNKNOWN),
        "an infinite amount": (envelope(financial(overdue="INF")), UNKNOWN),
        "a decimal comma": (envelope(financial(balance="12,50")), UNKNOWN),
        "a negative score": (envelope(financial(score="-1")), UNKNOWN),
        "a fault without detail": (
            http(envelope(FAULT.format(detail="")), status="500 Fault"),
            UNKNOWN,
        ),
        "a fault with a detail of another": (
            http(
                envelope(FAULT.format(detail="<detail><why>because</why></detail>")),
                status="500 Fault",
            ),
            UNKNOWN,
        ),
        "half an answer": (http(GOOD)[:-200], UNKNOWN),
        "a length that is a lie": (
            http(GOOD).replace(b"Content-Length: ", b"Content-Length: 9"),
            UNKNOWN,
        ),
        "no HTTP": (b"220 mail.example ESMTP\r\n", UNKNOWN),
        "one byte at a time": (slowly, UNKNOWN),
        "one byte at a time, from the first": (slowly_from_the_start, UNKNOWN),
        "silence": (silence, UNKNOWN),
        "a reset": (reset, UNKNOWN),
    }


def as_it_is_said(answer: Any) -> Callable[[socket.socket], None]:
    if callable(answer):
        return answer
    whole = answer if answer.startswith((b"HTTP/", b"220")) else http(answer)
    return lambda caller: caller.sendall(whole)


def ask(port: int) -> Any:
    endpoint = Endpoint(f"http://127.0.0.1:{port}/erp", "erp", "secret", 1, 0.7)
    return SoapClient(WSDL, SCHEMA, BINDING, endpoint).call(
        "ContractAccountERPFinancialByIDQuery",
        parts={
            "MessageHeader": {
                "ID": "1",
                "UUID": "0d7c1d0e-0000-4000-8000-000000000002",
                "CreationDateTime": "2026-11-23T10:00:00Z",
                "SenderBusinessSystemID": "UTILCRM",
                "RecipientBusinessSystemID": "ERP",
            },
            "ContractAccountID": "200000000001",
        },
    )


@pytest.mark.covers("C-18")
def test_whatever_the_other_side_answers_is_of_the_right_class_and_bounded(
    trap: Line, monkeypatch
) -> None:
    monkeypatch.setattr(soap, "MAX_ANSWER_BYTES", 16 * MIB)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wrong = {}
    for name, (answer, kind) in answers(trap.port).items():
        line = Line(as_it_is_said(answer))
        began = time.monotonic()
        try:
            ask(line.port)
            wrong[name] = "was taken for an answer"
        except SoapFailure as failure:
            if failure.kind is not kind:
                wrong[name] = f"{failure.kind}: {failure.text}"
        if time.monotonic() - began > 4:
            wrong[name] = f"took {time.monotonic() - began:.1f} s"
        line.close()

    assert wrong == {}
    assert trap.callers == 0
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    assert grown < 120, f"{grown} MiB"
    good = Line(as_it_is_said(GOOD))
    assert str(ask(good.port)["Financial"]["Balance"]) == "12.50"
    good.close()


def test_a_port_where_nobody_listens_is_surely_not_applied() -> None:
    ear = socket.create_server(("127.0.0.1", 0))
    port = ear.getsockname()[1]
    ear.close()

    with pytest.raises(SoapFailure) as failure:
        ask(port)

    assert failure.value.kind is NOT_APPLIED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Balance", "NaN"),
        ("Balance", "1e9"),
        ("Balance", "Infinity"),
        ("Balance", "12,50"),
        ("OverdueAmount", "٣"),
        ("CreditScore", "1.5"),
        ("AsOfDateTime", "2026-02-31T10:00:00Z"),
    ],
)
def test_an_impossible_value_rejects_its_object_and_no_other(
    book: SandboxErp, name: str, value: str
) -> None:
    good, bad = ErpGateway.of_tenant().page(object_type="FINANCIAL", after="", size=2).objects

    loaded = load_objects("FINANCIAL", [{**good, "Balance": "77.70"}, {**bad, name: value}])

    assert [(reject.key, reject.code) for reject in loaded.rejects] == [
        (bad["ContractAccountID"], "UNREADABLE")
    ]
    assert loaded.updated == 1


def test_an_impossible_value_deep_inside_an_object_is_found() -> None:
    assert "PeriodEndDate" in trouble_with(
        {"Invoice": [{"PeriodEndDate": "2026-01-31"}, {"PeriodEndDate": "2026-02-31"}]}
    )
