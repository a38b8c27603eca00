"""The copy of an invoice through our proxy (C-20, C-23), and as the enclosure of a mail (C-21)."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from access.choices import SegmentCode
from billing_sync.gateway.archive import ArchiveAway, ArchiveLogin, CopyMissing, fetch_copy
from billing_sync.models import InvoiceToken, PrintEndpoint
from events.models import Event
from tests.billing_sync.invoicing.conftest import TOKEN
from utilcrm.clock import today

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "900000012611", "900000022611"
ONE, TWO = TOKEN.format("one"), TOKEN.format("two")


def address(agreement, number: str, month: dt.date) -> str:
    return f"/invoices/{agreement.uuid}/{month.year}/{month.month}/{number}/"


@pytest.fixture
def delivered(printing_house, agreements, make_run, deliver, month):
    """Two customers whose invoices are in the archive."""
    run = make_run({NUMBER: agreements[0], OTHER: agreements[1]})
    for number, token in ((NUMBER, ONE), (OTHER, TWO)):
        printing_house.keep(number, token, issued=month)
    deliver((NUMBER, ONE), (OTHER, TWO))
    return run


@pytest.mark.covers("C-23")
def test_an_agent_gets_the_pdf_and_nothing_of_the_token(
    delivered, agreements, client_for, agent, month, caplog
) -> None:
    caplog.set_level("DEBUG")

    answer = client_for(agent).get(address(agreements[0], NUMBER, month))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert f'filename="{NUMBER}.pdf"' in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    assert f"Invoice {NUMBER}".encode() in answer.content
    assert ONE not in f"{answer.headers} {caplog.text} {answer.content!r}"
    told = Event.objects.get(name="billing_sync.invoice.opened")
    assert told.account_uuid == agreements[0].account.uuid
    assert told.payload == {"number": NUMBER, "month": month.isoformat()}


@pytest.mark.covers("C-23")
@pytest.mark.parametrize("case", ["another customer's", "nobody's", "another month's"])
def test_a_foreign_invoice_is_not_found_and_leaves_an_audit_line(
    delivered, agreements, client_for, agent, month, printing_house, case
) -> None:
    number = {"another customer's": OTHER, "nobody's": "1"}.get(case, NUMBER)
    asked = month.replace(year=2020) if case == "another month's" else month
    before = printing_house.archive.asked

    answer = client_for(agent).get(address(agreements[0], number, asked))

    assert answer.status_code == 404
    assert printing_house.archive.asked == before
    line = Event.objects.get(name="billing_sync.invoice.refused")
    assert (line.actor_id, line.payload["number"]) == (agent.pk, number)


@pytest.mark.parametrize(
    "path", ["99999999999/1/1", "2026/13/1", "0/1/1", "2026/1/%00", "2026/1/1%0D%0AX"]
)
def test_an_address_that_is_none_is_not_found(printer, agreements, client_for, agent, path) -> None:
    answer = client_for(agent).get(f"/invoices/{agreements[0].uuid}/{path}/")

    assert answer.status_code == 404


@pytest.mark.covers("C-23")
def test_a_customer_whom_one_may_not_see_has_no_invoices_for_one(
    delivered, agreements, client_for, corporate_manager, month
) -> None:
    browser = client_for(corporate_manager)
    assert agreements[0].account.segment == SegmentCode.RESIDENTIAL

    assert browser.get(address(agreements[0], NUMBER, month)).status_code == 404
    assert browser.get(f"/invoices/{agreements[0].uuid}/").status_code == 404

    line = Event.objects.get(name="billing_sync.invoice.refused")
    assert line.actor_id == corporate_manager.pk


@pytest.mark.covers("C-20")
def test_an_old_invoice_says_since_when_it_is_no_longer_archived(
    printer, agreements, make_run, deliver, client_for, agent, month, printing_house
) -> None:
    old = month.replace(year=month.year - 5, month=1)
    make_run({"900000012101": agreements[0]}, month=old, kind="HISTORY")
    deliver(("900000012101", ONE), month=f"{old:%Y-%m}")
    browser = client_for(agent)

    page = browser.get(address(agreements[0], "900000012101", old))
    listed = browser.get(f"/invoices/{agreements[0].uuid}/").content.decode()

    assert page.status_code == 410
    assert "no longer archived since" in page.content.decode()
    assert "No longer archived since" in listed


def test_an_invoice_without_a_token_waits_for_the_print_company(
    printer, agreements, make_run, client_for, agent, month
) -> None:
    make_run({NUMBER: agreements[0]})

    page = client_for(agent).get(address(agreements[0], NUMBER, month))

    assert page.status_code == 404
    assert "The print company has not delivered this invoice yet." in page.content.decode()


@pytest.mark.covers("C-23")
@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ({"kind": "drop"}, 503, "Try again"),
        ({"kind": "http_503_html"}, 503, "HTTP 503"),
        ({"kind": "redirect"}, 503, "HTTP 302"),
        ({"kind": "delay", "seconds": 1.3}, 503, "does not answer"),
        ({"kind": "truncated"}, 502, "no PDF"),
        ({"kind": "not_a_pdf"}, 502, "no PDF"),
        ({"kind": "html_page"}, 502, "no PDF"),
        ({"kind": "wrong_invoice"}, 502, "another invoice"),
        ({"kind": "too_long"}, 502, "too long"),
        ({"kind": "lost"}, 502, "does not have this invoice"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_an_archive_in_trouble_is_said_so_without_the_token(
    delivered, agreements, client_for, agent, month, printing_house, fault, status, words, caplog
) -> None:
    caplog.set_level("DEBUG")
    printing_house.faults.add(fault)

    page = client_for(agent).get(address(agreements[0], NUMBER, month))

    text = page.content.decode()
    assert (page.status_code, words in text) == (status, True)
    assert ONE not in f"{text} {page.headers} {caplog.text}"
    assert not Event.objects.filter(name="billing_sync.invoice.opened").exists()


def test_an_archive_that_is_not_there_is_away(
    delivered, agreements, client_for, agent, month, unused_tcp_port: int
) -> None:
    PrintEndpoint.objects.update(archive_url=f"http://127.0.0.1:{unused_tcp_port}/archive")

    page = client_for(agent).get(address(agreements[0], NUMBER, month))

    assert page.status_code == 503


def test_an_exception_of_the_archive_quotes_no_token(printing_house) -> None:
    login = ArchiveLogin(printing_house.url.replace("127.0.0.1", "nobody.invalid"), "a", "secret")

    with pytest.raises(ArchiveAway) as away:
        fetch_copy(login, token=ONE, number=NUMBER)
    with pytest.raises(CopyMissing) as missing:
        fetch_copy(
            ArchiveLogin(printing_house.url, "archive", "archive-secret"), token=ONE, number=NUMBER
        )

    for caught in (away.value, missing.value):
        assert ONE not in repr(caught)
        assert caught.__suppress_context__ or caught.__context__ is None
    assert "secret" not in repr(login)


def test_one_byte_at_a_time_comes_to_an_end(slow_server) -> None:
    login = ArchiveLogin(slow_server, "archive", "archive-secret", read_timeout=0.5)
    started = time.monotonic()

    with pytest.raises(ArchiveAway):
        fetch_copy(login, token=ONE, number=NUMBER)

    assert time.monotonic() - started < 2


def test_a_token_that_was_moved_to_another_invoice_opens_nothing(
    delivered, agreements, client_for, agent, month
) -> None:
    held = InvoiceToken.objects.get(number=OTHER)
    InvoiceToken.objects.filter(number=NUMBER).update(sealed=held.sealed)

    page = client_for(agent).get(address(agreements[0], NUMBER, month))

    assert page.status_code == 502


def test_the_list_costs_the_same_however_many_invoices(
    delivered, agreements, make_run, client_for, agent, month, django_assert_max_num_queries
) -> None:
    make_run(
        {f"9000000126{at:02d}": agreements[0] for at in range(20, 40)},
        month=month.replace(year=month.year - 1),
    )
    browser = client_for(agent)
    url = f"/invoices/{agreements[0].uuid}/"
    browser.get(url)

    with django_assert_max_num_queries(11):
        page = browser.get(url).content.decode()

    assert page.count("Waits for the print company") == 20
    assert page.count("Open the invoice") == 1


@pytest.mark.covers("C-21")
def test_the_list_says_with_which_run_a_change_of_delivery_takes_effect(
    delivered, agreements, client_for, agent, month
) -> None:
    page = client_for(agent).get(f"/invoices/{agreements[0].uuid}/").content.decode()

    following = dt.date(today().year + today().month // 12, today().month % 12 + 1, 1)
    assert f"takes effect with the run of {following:%B %Y}" in page


def test_an_archive_that_is_away_is_not_waited_for_by_everybody(
    delivered, agreements, client_for, agent, month, printing_house
) -> None:
    browser, asked = client_for(agent), printing_house.archive.asked
    printing_house.faults.add({"kind": "drop", "times": 3})

    answers = [browser.get(address(agreements[0], NUMBER, month)) for _time in range(5)]

    assert [answer.status_code for answer in answers] == [503] * 5
    assert printing_house.archive.asked - asked == 3
