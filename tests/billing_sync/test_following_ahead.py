"""The next page of changes is on its way while one is taken over; the index follows who lives."""

from __future__ import annotations

import datetime as dt

import pytest

from billing_sync.models import ChangeFeed
from billing_sync.services.following import polling
from contracts.models import ContractItem
from events.models import Event
from events.services import circuit
from events.services.routing import destination_named
from identification.models import Entry
from tests.billing_sync.book import office, running_item
from tests.support.erp import SandboxErp
from utilcrm import clock

CHANGES = "ReplicationObjectERPChangesQuery"


@pytest.mark.covers("A-01")
def test_every_page_comes_in_once_and_in_order_however_small(book: SandboxErp) -> None:
    items = [running_item(number) for number in range(3)]
    days = [dt.date(2031, 1, day) for day in range(1, 8)]
    for number, day in enumerate(days):
        office(book, "end_date", contract=items[number % 3].erp_number, end_date=day.isoformat())

    # as many of the log as are looked at again come in the first page
    polling.follow(page_size=1)

    ends = dict(ContractItem.objects.values_list("pk", "ends_on"))
    assert [ends[item.pk] for item in items] == [days[6], days[4], days[5]]
    told = Event.objects.filter(name="contracts.item.altered_in_erp")
    assert {event.payload["changes"][0]["after"] for event in told} >= {
        "2031-01-05",
        "2031-01-06",
        "2031-01-07",
    }
    assert told.count() == len({(event.subject_id, event.payload["version"]) for event in told})
    assert ChangeFeed.objects.get().behind == 0


@pytest.mark.covers("A-01")
def test_what_came_before_the_erp_went_away_stays_and_the_rest_comes_later(
    book: SandboxErp,
) -> None:
    items = [running_item(number) for number in range(4)]
    for item in items:
        office(book, "end_date", contract=item.erp_number, end_date="2031-02-28")
    begun = ChangeFeed.objects.get().position or 0
    book.control("faults", [{"kind": "http_503_html", "operation": CHANGES, "every": 3}])

    assert polling.follow(page_size=1).trouble

    feed = ChangeFeed.objects.get()
    assert begun < (feed.position or 0) < begun + len(items)
    assert feed.last_error
    assert feed.leased_until is None
    book.control("faults/clear", {})
    polling.follow(page_size=1)
    keys = [item.pk for item in items]
    assert ContractItem.objects.filter(pk__in=keys, ends_on=dt.date(2031, 2, 28)).count() == 4


@pytest.mark.covers("A-01")
def test_a_premise_is_its_customers_in_the_index_until_the_contract_has_ended(
    book: SandboxErp,
) -> None:
    item = running_item()
    premise, account = item.pod.premise, item.contract.account
    there = Entry.objects.filter(kind="PREMISE", subject_id=premise.pk)

    def found() -> tuple[int | None, str]:
        return there.values_list("account_id", "segment").get()

    office(book, "end_date", contract=item.erp_number, end_date="2031-02-28")
    polling.follow()
    assert found() == (account.pk, account.segment)

    # whoever else is supplied there goes, too
    for one in ContractItem.objects.filter(pod__premise=premise, ends_on=None):
        office(book, "end_date", contract=one.erp_number, end_date=str(clock.today()))
    office(book, "end_date", contract=item.erp_number, end_date=str(clock.today()))
    polling.follow()
    assert found() == (None, "")

    office(book, "end_date", contract=item.erp_number, end_date="2031-02-28")
    polling.follow()
    assert found() == (account.pk, account.segment)


@pytest.mark.covers("A-01")
def test_an_erp_that_is_known_to_be_away_is_not_asked_until_it_is_back(book: SandboxErp) -> None:
    item = running_item(0)
    office(book, "end_date", contract=item.erp_number, end_date="2031-02-28")
    erp = destination_named("erp")
    for _n in range(erp.failures_to_open):
        circuit.note_failure(erp, "away")

    assert polling.follow().pages == 0
    circuit.note_success(erp)
    assert polling.follow().pages == 1
