"""What is no batch, who is no print company, and that nothing ever quotes a token."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from billing_sync.models import InvoiceRun
from sandbox.archive.press import Line, envelope
from tests.billing_sync.invoicing.conftest import ONE, TWO, A, held
from utilcrm.db.months import drop_month

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda body: body[: len(body) // 2], "SCHEMA_INVALID"),
        (lambda body: b"", "SCHEMA_INVALID"),
        (lambda body: b"<html><body>hello</body></html>", "SCHEMA_INVALID"),
        (lambda body: body.replace(b"urn:utilcrm:print", b"urn:utilcrm:erp"), "UNKNOWN_OPERATION"),
        (lambda body: body.replace(b"-one-", b"-<b/>-"), "SCHEMA_INVALID"),
        (lambda body: body.replace(b"-one-", b"-&secret;-"), "SCHEMA_INVALID"),
        (
            lambda body: body.replace(
                b"<soap:Env", b'<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/passwd">]><soap:Env', 1
            ),
            "SCHEMA_INVALID",
        ),
        (lambda body: body.replace(b"</Month>", b"-31</Month>"), "SCHEMA_INVALID"),
        (lambda body: body.replace(b"<Month>2", b"<Month>x"), "SCHEMA_INVALID"),
        (lambda body: body.replace(b"-one-", b"/../one?"), "SCHEMA_INVALID"),
        (lambda body: body.replace(b"-one-", b"-one-" * 60), "SCHEMA_INVALID"),
        (lambda body: body.replace(b"<InvoiceNumber>1<", b"<InvoiceNumber>NaN<"), "SCHEMA_INVALID"),
        (
            lambda body: body.replace(b"<InvoiceNumber>1<", b"<InvoiceNumber>20000<"),
            "SCHEMA_INVALID",
        ),
        (lambda body: body.decode().encode("utf-16"), "SCHEMA_INVALID"),
        (lambda body: body.replace(b"utf-8", b"utf-7"), "SCHEMA_INVALID"),
    ],
)
def test_a_message_that_is_not_as_agreed_is_refused_without_quoting_it(
    run, deliver, spoil, code
) -> None:
    body = envelope([Line(A, ONE)], f"{run.month:%Y-%m}")

    answer = deliver(body=spoil(body))

    assert (answer["status"], answer["fault"]) == (500, code)
    assert b"nobody-else" not in answer["body"]
    assert held() == {}


def test_who_does_not_log_in_as_the_print_company_gets_nowhere(run, deliver, other_tenant) -> None:
    answers = [
        deliver((A, ONE), log_in="print:guessed"),
        deliver((A, ONE), log_in="crm:crm-secret"),
        deliver((A, ONE), at=other_tenant),
    ]

    assert [answer["status"] for answer in answers] == [401, 401, 401]
    assert held() == {}


def test_a_message_that_is_too_long_is_not_read(run, deliver) -> None:
    assert deliver(body=b" " * (5 * 1024 * 1024))["status"] == 413


def test_a_failure_on_our_side_takes_nothing_and_says_nothing(run, deliver, caplog) -> None:
    drop_month("billing_sync_invoicetoken", run.month)

    answer = deliver((A, ONE))

    assert answer["fault"] == "TEMPORARY_ERROR"
    assert "nobody-else" not in caplog.text


@pytest.mark.covers("C-23")
def test_no_row_holds_a_token_that_can_be_read(run, deliver) -> None:
    InvoiceRun.objects.update(sends_mail=True)
    deliver((A, ONE), ("000000000000", TWO))

    with connection.cursor() as cursor:
        for table in (
            "billing_sync_invoicetoken",
            "billing_sync_tokendigest",
            "billing_sync_invoicereject",
            "billing_sync_tokenbatch",
            "events_event",
            "events_delivery",
            "events_inboxmessage",
        ):
            cursor.execute(f"SELECT * FROM {table}")
            rows = [
                bytes(value) if isinstance(value, memoryview) else value
                for row in cursor.fetchall()
                for value in row
            ]
            assert rows, table
            assert b"nobody-else" not in b"".join(
                value if isinstance(value, bytes) else json.dumps(value, default=str).encode()
                for value in rows
            )
