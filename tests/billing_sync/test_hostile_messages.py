"""What somebody with the ERP's password sends to our door is refused whole, without a trace."""

from __future__ import annotations

import resource
from typing import Any

import pytest

from events.models import Event, InboxMessage
from tests.billing_sync.test_inbound import basic, confirmation, post
from tests.support.hostile import MIB, SOAP, Line, doctype, laughs


def messages(trap: int) -> dict[str, bytes]:
    """What somebody with the ERP's password may send to our door."""
    away = f"http://127.0.0.1:{trap}/x"
    good = confirmation("0d7c1d0e-0000-4000-8000-000000000003", "own").encode()

    def with_type(inside: str, body: bytes = good) -> bytes:
        return doctype(inside).replace("DOCTYPE Envelope", "DOCTYPE s:Envelope").encode() + body

    def number(text: str) -> bytes:
        return good.replace(b"1000000077", text.encode())

    return {
        "an external entity": with_type(f'<!ENTITY x SYSTEM "{away}">', number("&x;")),
        "a local file": with_type('<!ENTITY x SYSTEM "file:///etc/passwd">', number("&x;")),
        "a parameter entity": with_type(f'<!ENTITY % p SYSTEM "{away}"> %p;'),
        "an entity bomb": laughs().encode() + number("&a8;"),
        "a document type": with_type(""),
        "10,000 levels": number("<x>" * 10_000 + "</x>" * 10_000),
        "a text of 1.5 MB": number("1" * (3 * MIB // 2)),
        "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>' + good,
        "UTF-16": good.decode().encode("utf-16"),
        "no UTF-8": good.replace(b"1000000077", b"\xff\xfe"),
        "a NUL": number("1\0"),
        "another namespace": good.replace(b"urn:utilcrm:erp", b"urn:other"),
        "SOAP 1.2": good.replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope"),
        "no envelope": b"<x/>",
        "two bodies": good.replace(b"</s:Body>", b"</s:Body><s:Body/>"),
        "two messages": good.replace(b"</s:Body>", b"<x/></s:Body>"),
        "HTML": b"<html><body>Log in</body></html>",
        "JSON": b'{"ok": true}',
        "nothing": b"",
        "half a message": good[:-60],
        "the 31st of February": good.replace(b"2026-11-23T", b"2026-02-31T"),
        "an operation that is not offered": good.replace(b"BusinessPartnerERPCreateC", b"DropC"),
        "no id": good.replace(b"<UUID>", b"<UUID>x"),
        "a script": number("<script>alert(1)</script>"),
        "an XInclude": number(
            f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{away}"/>'
        ),
    }


@pytest.mark.django_db
@pytest.mark.covers("C-18")
def test_whatever_is_sent_to_our_door_is_refused_whole_and_leaves_nothing_behind(
    erp_client: Any,
    trap: Line,
) -> None:
    events = Event.objects.count()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    taken = {
        name: answer.status_code
        for name, message in messages(trap.port).items()
        if (answer := post(erp_client, message)).status_code != 500
        or (b"SCHEMA_INVALID" not in answer.content and b"UNKNOWN_OPERATION" not in answer.content)
    }

    assert taken == {}
    assert trap.callers == 0
    assert (InboxMessage.objects.count(), Event.objects.count()) == (0, events)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024 < 60
    assert post(erp_client, b"x" * (2 * MIB + 1)).status_code == 413
    assert post(erp_client, b"<x/>", **basic(password="guessed")).status_code == 401
