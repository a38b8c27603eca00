"""From the ERP's run to the mail with the PDF, over real sockets: ERP, printer, archive, mail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from accounts.models import BusinessAgreement
from billing_sync.gateway import invoices as gateway
from billing_sync.gateway.client import SoapFailure
from billing_sync.models import (
    Invoice,
    InvoiceReject,
    InvoiceRun,
    InvoiceToken,
    PrintEndpoint,
    TokenBatch,
)
from billing_sync.services.invoicing import running
from correspondence.models import Message
from events.models import Delivery
from events.services.claiming import claim_next
from events.services.draining import drain
from events.services.handling import Refused
from events.services.routing import destination_named
from events.services.settling import confirm
from sandbox.archive.press import Line, envelope
from tests.billing_sync.invoicing.conftest import connect
from tests.factories.accounts import BusinessAgreementFactory, EmailFactory
from tests.support.erp import until
from tests.support.mail import running_sink

TIMING = {
    "erp-invoices": {"lease": 2, "backoff_base": 0.05, "backoff_cap": 0.1, "probe_every": 0.05},
    "invoice-mail": {"quiet": 0.1, "backoff_base": 0.05, "backoff_cap": 0.1, "probe_every": 0.05},
}


@pytest.fixture
def wired(erp, crm_door, printing_house, settings, monkeypatch) -> Any:
    """An ERP that has made this month's run, and a print company that knows both."""
    settings.OUTBOX_TIMING = settings.OUTBOX_TIMING | TIMING
    monkeypatch.setattr(gateway, "PAGE_SIZE", 50)
    printing_house.press.erp = f"http://127.0.0.1:{erp.port}"
    printing_house.press.callback = crm_door.url
    connect(printing_house.url)
    erp.control("invoice_run", {"client": "unified"})
    return printing_house.press


def read_runs() -> InvoiceRun:
    running.look_for_runs(endpoint=PrintEndpoint.objects.get())
    until(lambda: (drain("erp-invoices", budget=1), not InvoiceRun.objects.get().is_loading)[1])
    return InvoiceRun.objects.get()


@pytest.mark.covers("C-17", "C-19", "C-21", "C-22", "C-23")
def test_an_invoice_goes_from_the_erps_run_to_the_customers_mail(
    wired, erp, printing_house, settings
) -> None:
    lines = wired.run_of("unified", "")
    account = next(line["account_id"] for line in lines if line["delivery"] == "EMAIL")
    other = next(line["account_id"] for line in lines if line["delivery"] == "PAPER")
    agreement = BusinessAgreementFactory(erp_number=account, language="en")
    EmailFactory(account=agreement.account, value="margaret@example.com")
    BusinessAgreementFactory(erp_number=other)
    erp.control("faults", {"kind": "http_503_html", "operation": "InvoiceERPByRunQuery",
                           "every": 2, "times": 2})  # fmt: skip

    run = read_runs()

    assert run.is_whole
    assert (run.loaded, run.without_agreement) == (len(lines), len(lines) - 2)
    (receipt,) = wired.print_run({"client": "unified", "shuffled": True})
    assert (receipt["taken"], receipt["rejected"]) == (len(lines), 0)
    run.refresh_from_db()
    assert run.missing == 0
    with running_sink(settings) as sink:
        printing_house.faults.add({"kind": "http_503_html", "times": 1})
        drain("invoice-letters", budget=2)
        until(lambda: drain("invoice-mail", budget=1) and sink.messages)
        drain("invoice-mail", budget=1)
    number = Invoice.objects.get(agreement=agreement).number
    assert len(sink.messages) == 1
    assert sink.messages[0]["To"] == "margaret@example.com"
    ((name, content),) = sink.attachments_of().items()
    assert name == f"{number}.pdf"
    assert f"Invoice {number}".encode() in content
    message = Message.objects.get()
    token = wired.shelf.of_run("unified", f"{run.month:%Y-%m}")
    mine = next(copy["token"] for copy in token if copy["number"] == number)
    assert mine not in f"{message.text}{message.html}{message.enclosure}{sink.messages[0]}"
    assert TokenBatch.objects.get().mails == 1


@pytest.mark.covers("C-22")
def test_a_print_company_at_its_worst_has_each_effect_once(wired, erp) -> None:
    run = read_runs()
    number = run.loaded
    size = 50

    halves = wired.print_run({"client": "unified", "size": size, "half": True})
    assert {one["fault"] for one in halves} == {"COUNT_MISMATCH"}
    assert not InvoiceToken.objects.exists()

    first = wired.print_run({"client": "unified", "size": size, "duplicate": 1, "repeat": 2})
    again = wired.print_run({"client": "unified", "again": True})
    shuffled = wired.print_run({"client": "unified", "size": size, "shuffled": True})
    second = wired.print_run({"client": "unified", "size": size, "second": True})

    assert [one["taken"] for one in first[::2]] == [one["taken"] for one in again]
    assert first[::2] == first[1::2]
    assert sum(one["taken"] for one in first[::2]) == number - 2
    # the two that were given one token are taken once each has its own
    assert sum(one["taken"] for one in shuffled) == 2
    assert {code for one in second for _number, code in one["rejects"]} == {"HAS_TOKEN"}
    assert InvoiceToken.objects.count() == number
    run.refresh_from_db()
    assert (run.tokens, run.missing) == (number, 0)


@pytest.mark.covers("C-22")
def test_the_same_lines_at_once_and_in_any_order_end_as_if_they_came_once(wired, erp) -> None:
    run = read_runs()
    numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
    lines = [Line(number, f"token-of-{number}-for-its-customer") for number in numbers]
    # every line stands in two messages, every message is posted three times
    messages = [
        envelope(lines[at : at + 24], f"{run.month:%Y-%m}") for at in range(0, len(lines), 12)
    ] * 3
    Random(4).shuffle(messages)

    with ThreadPoolExecutor(6) as at_once:
        answers = list(at_once.map(lambda message: wired.post("unified", message), messages))

    assert {answer["status"] for answer in answers} == {200}
    assert sum(one.taken for one in TokenBatch.objects.all()) == len(numbers)
    assert InvoiceToken.objects.count() == len(numbers)
    assert not InvoiceReject.objects.exists()
    run.refresh_from_db()
    assert (run.tokens, run.missing) == (len(numbers), 0)


def test_a_list_that_the_erp_refused_goes_on_when_a_person_says_so(
    wired, erp, client_for, clerk
) -> None:
    running.look_for_runs(endpoint=PrintEndpoint.objects.get())
    run = InvoiceRun.objects.get()
    sent = Delivery.objects.get(ordering_key=run.lane)
    claim_next(destination_named("erp-invoices"))
    confirm(sent.uuid, Refused(code="NO", field="", text="Not today."))
    browser = client_for(clerk)

    page = browser.get(f"/sync/invoices/{run.uuid}/").content.decode()
    browser.post(f"/sync/invoices/{run.uuid}/load/")
    until(lambda: (drain("erp-invoices", budget=1), not InvoiceRun.objects.get().is_loading)[1])

    assert "The list is not read on" in page
    assert InvoiceRun.objects.get().is_whole


@pytest.mark.covers("C-19")
def test_a_run_that_announces_more_than_its_list_holds_is_a_mismatch(wired, erp) -> None:
    erp.control("reset", {"first_day": True})
    erp.control("invoice_run", {"client": "unified", "announce": 3})

    run = read_runs()

    assert (run.expected - run.loaded, run.is_whole) == (3, False)


def test_an_erp_that_does_not_answer_is_said_at_the_print_company(wired, erp) -> None:
    erp.control("faults", {"kind": "http_503_html", "times": 1})

    with pytest.raises(SoapFailure):
        running.look_for_runs(endpoint=PrintEndpoint.objects.get())

    assert PrintEndpoint.objects.get().trouble
    assert not BusinessAgreement.objects.exists()
