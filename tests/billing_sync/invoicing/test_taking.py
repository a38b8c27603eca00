"""What the print company delivers, well and badly (C-22)."""

from __future__ import annotations

import json
import uuid

import pytest
from django.db import connection

from billing_sync.models import InvoiceReject, InvoiceRun, InvoiceToken, TokenBatch
from billing_sync.services.invoicing import retrying, running
from billing_sync.services.invoicing.loading import load_page
from events.models import Delivery, Event
from sandbox.archive.press import Line, envelope
from tests.billing_sync.invoicing.conftest import TOKEN, line_of
from utilcrm.db.months import drop_month

pytestmark = pytest.mark.django_db

A, B, C = "900000012611", "900000022611", "900000032611"
ONE, TWO, THREE = (TOKEN.format(word) for word in ("one", "two", "three"))


@pytest.fixture
def run(printer, agreements, make_run) -> InvoiceRun:
    return make_run(dict(zip((A, B, C), agreements, strict=True)))


def held() -> dict[str, int]:
    """Return the newest token's version by invoice."""
    rows = InvoiceToken.objects.order_by("version").values_list("number", "version")
    return dict(rows)


@pytest.mark.covers("C-22")
def test_tokens_are_taken_and_counted_at_their_run(run, deliver) -> None:
    receipt = deliver((A, ONE), (B, TWO))

    assert (receipt["taken"], receipt["known"], receipt["rejected"]) == (2, 0, 0)
    assert held() == {A: 1, B: 1}
    run.refresh_from_db()
    assert (run.tokens, run.missing) == (2, 1)


@pytest.mark.covers("C-22")
def test_yesterdays_batch_again_gets_the_same_receipt_and_changes_nothing(run, deliver) -> None:
    body = envelope([Line(A, ONE), Line("123456789012", TWO)], f"{run.month:%Y-%m}")

    receipts = [deliver(body=body)["body"] for _time in range(3)]
    anew = deliver((A, ONE), ("123456789012", TWO))

    assert len(set(receipts)) == 1
    assert (anew["taken"], anew["known"], anew["rejected"]) == (0, 1, 1)
    assert held() == {A: 1}
    assert InvoiceReject.objects.count() == 1
    assert TokenBatch.objects.count() == 2


def test_the_same_message_id_with_other_content_is_refused(run, deliver) -> None:
    message_id = str(uuid.uuid4())
    deliver((A, ONE), uuid=message_id)

    answer = deliver((A, ONE), (B, TWO), uuid=message_id)

    assert (answer["status"], answer["fault"]) == (500, "PAYLOAD_MISMATCH")
    assert held() == {A: 1}


def test_half_a_batch_is_refused_whole(run, deliver) -> None:
    answer = deliver((A, ONE), count=2)

    assert answer["fault"] == "COUNT_MISMATCH"
    assert held() == {}
    assert not TokenBatch.objects.exists()


@pytest.mark.parametrize(
    ("lines", "taken", "rejects"),
    [
        pytest.param(
            [(A, ONE), (B, ONE), (C, THREE)],
            {C: 1},
            [[A, "TOKEN_TWICE"], [B, "TOKEN_TWICE"]],
            id="one token for two invoices",
        ),
        pytest.param(
            [(A, ONE), (A, TWO), (B, THREE)],
            {B: 1},
            [[A, "INVOICE_TWICE"], [A, "INVOICE_TWICE"]],
            id="two tokens for one invoice",
        ),
        pytest.param([(A, ONE), (A, ONE)], {A: 1}, [], id="the same line twice"),
        pytest.param(
            [("000000000000", ONE), (B, TWO)],
            {B: 1},
            [["000000000000", "UNKNOWN_INVOICE"]],
            id="an invoice that nobody knows",
        ),
    ],
)
def test_bad_lines_go_to_the_reject_list_and_spoil_no_good_one(
    run, deliver, lines, taken, rejects
) -> None:
    receipt = deliver(*lines)

    assert receipt["rejects"] == rejects
    assert held() == taken
    assert InvoiceReject.objects.filter(status="OPEN").count() == len(rejects)


def test_a_token_of_another_month_opens_no_second_invoice(run, deliver, make_run, month) -> None:
    deliver((A, ONE))
    earlier = month.replace(year=month.year - 1)
    make_run({"900000011511": "200000000001"}, month=earlier)

    receipt = deliver(("900000011511", ONE), month=f"{earlier:%Y-%m}")

    assert receipt["rejects"] == [["900000011511", "TOKEN_USED"]]
    assert held() == {A: 1}


def test_a_second_token_is_taken_only_if_it_is_said_to_replace_the_first(run, deliver) -> None:
    deliver((A, ONE))

    refused = deliver((A, TWO))
    replaced = deliver((A, THREE, True))
    again = deliver((A, ONE))

    assert refused["rejects"] == [[A, "HAS_TOKEN"]]
    assert replaced["taken"] == 1
    assert (again["known"], again["taken"]) == (1, 0)
    assert held() == {A: 2}
    run.refresh_from_db()
    assert run.tokens == 1


def test_rejected_lines_are_taken_once_the_erps_list_has_their_invoice(run, deliver) -> None:
    late = "900000092611"
    deliver((late, ONE), (A, TWO))
    load_page(run, [line_of(late, "200000000001", run.month)])

    assert retrying.has_open(run.month)
    retrying.retry_after(run.month, 0)

    assert held() == {A: 1, late: 1}
    assert InvoiceReject.objects.get().status == "TAKEN"
    run.refresh_from_db()
    assert run.tokens == 2


def test_a_line_set_aside_stays_aside(run, deliver, clerk) -> None:
    deliver(("000000000000", ONE))
    retrying.set_aside(reject=InvoiceReject.objects.get(), note="other printer", actor=clerk)

    deliver(("000000000000", ONE))

    assert not retrying.has_open(run.month)
    assert InvoiceReject.objects.get().tries == 2


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


def test_only_customers_who_want_mail_get_one_and_only_for_a_current_run(
    printer, agreements, make_run, deliver, month
) -> None:
    agreements[1].invoice_delivery = "PAPER"
    agreements[1].save()
    make_run(dict(zip((A, B), agreements, strict=False)), sends_mail=True)
    make_run({C: agreements[2]}, sends_mail=False, kind="HISTORY")

    deliver((A, ONE), (B, TWO), (C, THREE))
    deliver((A, TOKEN.format("four"), True))

    letters = Delivery.objects.filter(destination="invoice-letters")
    assert [one.payload["numbers"] for one in letters] == [[A]]


def test_an_alarm_is_raised_when_the_list_is_short_and_when_tokens_are_late(
    run, client_for, clerk
) -> None:
    InvoiceRun.objects.filter(pk=run.pk).update(
        expected=5, closed_at=run.closed_at.replace(year=run.closed_at.year - 1)
    )

    page = client_for(clerk).get(f"/sync/invoices/{run.uuid}/").content.decode()

    assert "It announced 5 invoices, 3 are in its list." in page
    assert "5 invoices cannot be opened" in page


def test_a_run_is_read_again_only_once_at_a_time(run, clerk) -> None:
    running.load_again(run=run, actor=clerk)

    with pytest.raises(running.RunBusy):
        running.load_again(run=run, actor=clerk)

    assert Event.objects.filter(name="billing_sync.invoices.asked_again").count() == 1
