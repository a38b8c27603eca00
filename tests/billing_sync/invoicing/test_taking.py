"""What the print company delivers, well and badly (C-22)."""

from __future__ import annotations

import uuid

import pytest
from django_tenants.utils import tenant_context

from billing_sync.models import Invoice, InvoiceReject, InvoiceRun, TokenBatch
from billing_sync.services.invoicing import retrying, running
from billing_sync.services.invoicing.loading import load_page
from billing_sync.services.invoicing.months import make_months_of
from events.models import Delivery, Event
from sandbox.archive.press import Line, envelope
from tests.billing_sync.invoicing.conftest import ONE, THREE, TOKEN, TWO, A, B, C, held, line_of
from utilcrm.db.months import months_from

pytestmark = pytest.mark.django_db


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


@pytest.mark.covers("C-22")
def test_another_tenants_invoices_are_unknown_here_and_stay_untouched_there(
    run, deliver, other_tenant
) -> None:
    theirs = "900000772611"
    with tenant_context(other_tenant):
        make_months_of(run.month)
        Invoice.objects.create(
            month=run.month, number=theirs, erp_account="200000000077", run_id=1,
            issued_on=run.month, due_on=run.month, amount=1, currency="GBP", delivery="PAPER",
        )  # fmt: skip

    receipt = deliver((theirs, ONE), (A, TWO))

    assert receipt["rejects"] == [[theirs, "UNKNOWN_INVOICE"]]
    assert held() == {A: 1}
    with tenant_context(other_tenant):
        assert held() == {}


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

    assert retrying.months_found(run.month) == [run.month]
    retrying.retry_after(run.month, 0)

    assert retrying.months_found(run.month) == []
    assert held() == {A: 1, late: 1}
    assert InvoiceReject.objects.get().status == "TAKEN"
    run.refresh_from_db()
    assert run.tokens == 2


def test_lines_that_contradict_each_other_are_tried_together_however_far_apart(
    run, deliver, monkeypatch
) -> None:
    monkeypatch.setattr(retrying, "_AT_ONCE", 1)
    deliver((A, ONE), (B, ONE), (C, TWO), (C, THREE))

    last = 0
    for _reject in range(4):
        last = retrying.retry_after(run.month, last)

    assert held() == {}
    assert set(InvoiceReject.objects.values_list("reason", flat=True)) == {
        "TOKEN_TWICE", "INVOICE_TWICE",
    }  # fmt: skip


@pytest.mark.covers("C-21")
@pytest.mark.parametrize(("back", "mailed"), [(0, [[A]]), (2, [])])
def test_a_print_company_that_was_faster_than_the_erps_list_costs_no_mail(
    printer, agreements, make_run, deliver, month, back, mailed
) -> None:
    month = months_from(month, -back)
    deliver((A, ONE), month=f"{month:%Y-%m}")
    make_run({A: agreements[0]}, month=month, sends_mail=True)

    retrying.retry_after(month, 0)

    letters = Delivery.objects.filter(destination="invoice-letters")
    assert [one.payload["numbers"] for one in letters] == mailed


def test_a_line_set_aside_stays_aside(run, deliver, clerk) -> None:
    deliver(("000000000000", ONE))
    retrying.set_aside(reject=InvoiceReject.objects.get(), note="other printer", actor=clerk)

    deliver(("000000000000", ONE))

    assert not retrying.has_open(run.month)
    assert InvoiceReject.objects.get().tries == 2


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
