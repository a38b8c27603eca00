"""The ERP's list of a run: read in pages, whole or said not to be (C-17, C-19)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from billing_sync import tasks
from billing_sync.models import Invoice, InvoiceReject, PrintEndpoint, TokenDigest
from billing_sync.services.invoicing import months
from billing_sync.services.invoicing.loading import count_loaded, link_latecomers, load_page
from tests.billing_sync.invoicing.conftest import line_of
from tests.factories.accounts import BusinessAgreementFactory
from utilcrm.clock import today
from utilcrm.db.months import drop_month, first_of, make_month, months_from, months_of

pytestmark = pytest.mark.django_db

NUMBER = "900000012611"


@pytest.mark.covers("C-17")
def test_a_page_twice_is_as_once_and_what_the_erp_mends_is_mended(
    printer, agreements, make_run
) -> None:
    run = make_run({NUMBER: agreements[0], "900000022611": agreements[1]})
    lines = [
        line_of(NUMBER, agreements[0], run.month, Amount="99.00"),
        line_of("900000022611", agreements[1], run.month),
    ]

    for _time in range(2):
        load_page(run, lines)
    count_loaded(run)

    amounts = dict(Invoice.objects.values_list("number", "amount"))
    assert amounts == {NUMBER: Decimal(99), "900000022611": Decimal("12.34")}
    assert (run.loaded, run.loaded_amount) == (2, Decimal("111.34"))


@pytest.mark.parametrize(
    "facts",
    [
        {"InvoiceDate": "2026-02-31"},
        {"DueDate": ""},
        {"Amount": "1e9"},
        {"Amount": "NaN"},
        {"Amount": "12,34"},
        {"Amount": "99999999999999999"},
        {"CurrencyCode": "EUR"},
        {"DeliveryCode": "PIGEON"},
        {"InvoiceID": "90000-1"},
        {"ContractAccountID": "'; DROP"},
        {"InvoiceDate": "9999-12-31"},
        {"Amount": "9999999999.99999"},
        {"Amount": "1_000"},
        {"InvoiceID": "\u0661\u0662"},
        {"ContractAccountID": {"Nested": "200000000001"}},
        {"DeliveryCode": ["EMAIL"]},
    ],
    ids=str,
)
def test_a_line_that_cannot_be_read_does_not_spoil_its_page(
    printer, agreements, make_run, facts
) -> None:
    run = make_run({})

    load_page(
        run,
        [
            line_of("900000992611", agreements[0], run.month) | facts,
            line_of(NUMBER, agreements[0], run.month),
        ],
    )

    assert list(Invoice.objects.values_list("number", flat=True)) == [NUMBER]
    reject = InvoiceReject.objects.get()
    assert (reject.reason, bool(reject.detail)) == ("UNREADABLE", True)


def test_a_line_that_the_erp_has_mended_is_no_reject_any_more(
    printer, agreements, make_run
) -> None:
    run = make_run({})
    line = line_of(NUMBER, agreements[0], run.month)
    states = []
    for facts in ({"Amount": "x"}, {}, {"Amount": "x"}):
        load_page(run, [line | facts])
        states.append(InvoiceReject.objects.get().status)

    assert states == ["OPEN", "TAKEN", "OPEN"]


def test_a_number_that_is_another_accounts_is_nobodys_to_take_over(
    printer, agreements, make_run
) -> None:
    run = make_run({NUMBER: agreements[0]})

    load_page(run, [line_of(NUMBER, agreements[1], run.month)])

    assert Invoice.objects.get().agreement == agreements[0]
    assert InvoiceReject.objects.get().number == NUMBER


def test_an_invoice_finds_its_agreement_as_soon_as_that_is_here(printer, make_run) -> None:
    run = make_run({NUMBER: "200000000077"})
    assert run.without_agreement == 1

    agreement = BusinessAgreementFactory(erp_number="200000000077")
    assert link_latecomers() == 1

    run.refresh_from_db()
    assert (run.without_agreement, link_latecomers()) == (0, 0)
    assert Invoice.objects.get().agreement == agreement


def test_months_are_made_ahead_and_dropped_when_their_time_is_over(
    printer, agreements, make_run
) -> None:
    first = first_of(today())
    tables = (months.INVOICES_TABLE, months.TOKENS_TABLE)
    assert all(months_of(table)[-1] == months_from(first, 3) for table in tables)
    old, older = months_from(first, -12 * 5 - 2), months_from(first, -12 * 6 - 2)
    for month in (old, older):
        make_run({f"9000000{month:%y%m}": agreements[0]}, month=month, kind="HISTORY")

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_sync_tokendigest SELECT decode(md5(n::text), 'hex'),"
            " CASE WHEN n > 50 THEN %s ELSE %s END, n FROM generate_series(1, 80) n",
            [old, first],
        )

    dropped = months.drop_old_months(PrintEndpoint.objects.get())

    assert dropped == [older]
    assert old in months_of(months.INVOICES_TABLE)
    assert old not in months_of(months.TOKENS_TABLE)
    assert [one.month for one in Invoice.objects.all()] == [old]
    assert set(TokenDigest.objects.values_list("month", flat=True)) == {first}
    assert TokenDigest.objects.count() == 50


def test_the_clock_makes_months_where_a_print_company_is_set_up_and_nowhere_else(printer) -> None:
    ahead = months_from(first_of(today()), 3)
    drop_month(months.INVOICES_TABLE, ahead)
    PrintEndpoint.objects.update(is_active=False)

    tasks.tend_invoice_months()
    assert ahead not in months_of(months.INVOICES_TABLE)

    PrintEndpoint.objects.update(is_active=True)
    tasks.tend_invoice_months()
    assert ahead in months_of(months.INVOICES_TABLE)


def test_the_application_makes_months_and_no_other_table(db) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("CREATE TABLE mine (id int)")
    with pytest.raises(DatabaseError), transaction.atomic():
        make_month("accounts_account", dt.date(2026, 1, 1))
    assert make_month(months.INVOICES_TABLE, dt.date(2026, 1, 1))
    assert not make_month(months.INVOICES_TABLE, dt.date(2026, 1, 1))


@pytest.mark.parametrize("month", [dt.date(1066, 10, 1), dt.date(2126, 1, 1), dt.date(2026, 1, 2)])
def test_there_is_no_partition_for_what_is_no_month_of_ours(db, month: dt.date) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        make_month(months.INVOICES_TABLE, month)
