"""What a clerk changes in the ERP is here after the next cycle, and the history says who it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import Account
from accounts.services.changing import change_account
from billing_sync.choices import RejectStatus
from billing_sync.gateway.changes import changes_after
from billing_sync.gateway.client import ErpGateway
from billing_sync.models import ChangeFeed, DownloadReject, DownloadRun, LocalEdit
from billing_sync.services import downloading
from billing_sync.services.following import polling
from billing_sync.services.following.applying import Overtaken, take_page
from contracts.models import ContractItem
from devices.models import DeviceInfoRecord, MeterReading
from events.models import Event
from events.queries import describe_alterations
from identification.queries import identify
from premises.models import Premise
from tests.billing_sync.book import facts_of, office, running_item
from tests.support.erp import SandboxErp

Work = Callable[..., Any]


@pytest.mark.covers("A-01")
def test_an_end_date_changed_in_the_erp_is_here_after_one_cycle_with_its_history(
    book: SandboxErp,
) -> None:
    item = running_item()
    office(book, "end_date", contract=item.erp_number, end_date="2027-02-28")

    cycle = polling.follow()

    item.refresh_from_db()
    assert item.ends_on == dt.date(2027, 2, 28)
    event = Event.objects.get(name="contracts.item.altered_in_erp", subject_id=item.pk)
    assert event.account_uuid == item.contract.account.uuid
    told = describe_alterations(event.payload)
    assert told.startswith("clerk M. Weber, ")
    assert told.endswith("end of supply – → 28 Feb 2027")
    assert cycle.applied == 1
    assert ChangeFeed.objects.get().behind == 0


@pytest.mark.covers("A-01")
def test_a_partner_an_agreement_a_reading_and_a_meter_come_in_with_the_clerks_name(
    book: SandboxErp,
) -> None:
    item = running_item()
    account, agreement = item.contract.account, item.contract.business_agreement
    meter = DeviceInfoRecord.objects.filter(pod=item.pod).order_by("pk")[0]
    office(book, "partner", partner=account.erp_number, last_name="Byron", clerk="A. Turing")
    office(book, "partner", partner=account.erp_number, mobile="+447400999111", clerk="A. Turing")
    other = "PAPER" if agreement.invoice_delivery == "PORTAL" else "PORTAL"
    office(book, "agreement", account=agreement.erp_number, invoice_delivery=other)
    office(book, "reading", device=meter.erp_number, value="54321")

    polling.follow()

    account.refresh_from_db()
    agreement.refresh_from_db()
    assert account.last_name == "Byron"
    assert account.contact_points.filter(value="+447400999111").exists()
    assert agreement.invoice_delivery == other
    assert MeterReading.objects.filter(register__device_info_record=meter, value=54321).exists()
    told = {
        event.name: describe_alterations(event.payload)
        for event in Event.objects.filter(name__endswith="_in_erp", account_uuid=account.uuid)
    }
    assert "A. Turing" in told["accounts.account.altered_in_erp"]
    assert "Byron" in told["accounts.account.altered_in_erp"]
    assert "invoice delivery" in told["accounts.agreement.altered_in_erp"]
    assert "54321" in told["devices.device.altered_in_erp"]
    assert identify("Byron", segments={"RESIDENTIAL", "CORPORATE"}, region="GB")


@pytest.mark.covers("A-01", "A-06")
def test_a_replaced_meter_and_another_product_come_in(book: SandboxErp) -> None:
    item = running_item()
    meter = DeviceInfoRecord.objects.filter(pod=item.pod, valid_to=None).order_by("pk")[0]
    office(book, "replace_device", device=meter.erp_number, serial="NEW-4711", value="3")
    office(book, "product", contract=item.erp_number, product="EL-RES-NIGHT")

    polling.follow()

    meter.refresh_from_db()
    item.refresh_from_db()
    assert meter.valid_to is not None
    assert DeviceInfoRecord.objects.get(serial_number="NEW-4711").pod_id == item.pod_id
    assert item.product_name == "EL-RES-NIGHT"
    names = set(Event.objects.filter(name__endswith="_in_erp").values_list("name", flat=True))
    assert {"devices.device.added_in_erp", "devices.device.altered_in_erp"} <= names
    replaced = Event.objects.get(name="devices.device.replaced")
    assert (replaced.payload["removed"], replaced.payload["installed"]) == (
        meter.serial_number,
        "NEW-4711",
    )
    assert replaced.account_uuid == item.contract.account.uuid


@pytest.mark.covers("A-01")
def test_an_older_version_never_overwrites_a_newer_one(book: SandboxErp) -> None:
    item = running_item()
    office(book, "end_date", contract=item.erp_number, end_date="2027-01-31")
    older = changes_after(ErpGateway.of_tenant(), ChangeFeed.objects.get().position, size=10)
    office(book, "end_date", contract=item.erp_number, end_date="2027-02-28")
    polling.follow()
    position = ChangeFeed.objects.get().position

    # a page that was long on its way
    late = replace(older, last_sequence=position, next_sequence=position)
    take_page(late, asked_from=position)

    item.refresh_from_db()
    assert item.ends_on == dt.date(2027, 2, 28)
    assert ChangeFeed.objects.get().position == position
    with pytest.raises(Overtaken):
        take_page(late, asked_from=position - 1)


@pytest.mark.covers("A-03")
def test_an_unknown_parent_goes_to_the_reject_list_and_is_loaded_when_the_parent_comes(
    book: SandboxErp,
) -> None:
    premise = {"co_id": "3888888888", "flat": "Flat 9", "category": "HOUSEHOLD"}
    key = office(book, "create", object="PREMISE", values=premise)["key"]
    polling.follow()

    reject = DownloadReject.objects.get(erp_key=key)
    assert reject.status == RejectStatus.OPEN

    address = {"street": "Elm Row", "house": "1", "postcode": "LS1 4AP", "city": "Leeds"}
    office(
        book,
        "create",
        object="CONNECTION_OBJECT",
        key="3888888888",
        values=address | {"country": "GB"},
    )
    polling.follow()

    reject.refresh_from_db()
    assert reject.status == RejectStatus.RESOLVED
    assert Premise.objects.get(erp_number=key).connection_object.street == "Elm Row"


@pytest.mark.covers("A-01")
def test_one_object_that_breaks_a_rule_does_not_keep_its_page_out(book: SandboxErp) -> None:
    good = running_item()
    ended = ContractItem.objects.filter(status="ENDED").order_by("pk")[0]
    follower = ContractItem.objects.create(
        contract=good.contract, position=9, role=ended.role, pod=ended.pod,
        division=ended.division, starts_on=ended.ends_on, status="BLOCKED",
        block_reason="SIGNATURE",
    )  # fmt: skip
    office(book, "end_date", contract=ended.erp_number, end_date=None)
    office(book, "end_date", contract=good.erp_number, end_date="2027-02-28")

    polling.follow()

    good.refresh_from_db()
    assert good.ends_on == dt.date(2027, 2, 28)
    assert follower.pk
    assert DownloadReject.objects.get(erp_key=ended.erp_number).reason_code == "CONFLICT"


@pytest.mark.covers("A-01")
def test_what_we_sent_ourselves_is_no_news(book: SandboxErp, work: Work) -> None:
    account = running_item().contract.account
    change_account(account_uuid=account.uuid, facts=facts_of(account, town="York"), actor=None)
    work(lambda: not LocalEdit.objects.filter(confirmed_at=None).exists())
    assert LocalEdit.objects.get().field == "town"

    polling.follow()

    account.refresh_from_db()
    assert account.town == "York"
    assert not Event.objects.filter(name="accounts.account.altered_in_erp").exists()


def test_what_changes_while_the_book_is_downloaded_comes_in_afterwards(
    erp: SandboxErp, work: Work
) -> None:
    run = downloading.start_download(page_size=500)
    assert polling.follow().was_busy
    partner = erp.control("people?client=unified")["unified"][4]["business_partner"]
    work(lambda: Account.objects.filter(erp_number=partner).exists(), seconds=60)
    office(erp, "partner", partner=partner, last_name="Byron")
    work(lambda: not DownloadRun.objects.get(pk=run.pk).is_running, seconds=90)

    polling.follow()

    assert Account.objects.get(erp_number=partner).last_name == "Byron"


@pytest.mark.covers("A-01")
def test_an_erp_that_is_away_leaves_the_position_where_it_was(book: SandboxErp) -> None:
    item = running_item()
    office(book, "end_date", contract=item.erp_number, end_date="2027-02-28")
    position = ChangeFeed.objects.get().position
    book.control("faults", [{"kind": "http_503_html", "times": 1}])

    assert polling.follow().trouble
    feed = ChangeFeed.objects.get()
    assert feed.position == position
    assert feed.last_error
    assert feed.leased_until is None

    polling.follow()
    assert ContractItem.objects.get(pk=item.pk).ends_on == dt.date(2027, 2, 28)


@pytest.mark.covers("A-01")
def test_a_log_that_began_anew_is_followed_from_its_start(book: SandboxErp) -> None:
    item = running_item()
    office(book, "end_date", contract=item.erp_number, end_date="2027-01-31")
    polling.follow()
    ChangeFeed.objects.update(log_id="another log", position=10**6)

    office(book, "end_date", contract=item.erp_number, end_date="2027-02-28")
    polling.follow()

    assert ContractItem.objects.get(pk=item.pk).ends_on == dt.date(2027, 2, 28)


@pytest.mark.covers("A-01")
def test_a_building_that_got_another_street_is_found_by_it(book: SandboxErp) -> None:
    building = running_item().pod.premise.connection_object
    office(
        book,
        "change",
        object="CONNECTION_OBJECT",
        key=building.erp_number,
        values={"street": "Zanzibar Quay"},
    )

    polling.follow()

    building.refresh_from_db()
    assert building.street == "Zanzibar Quay"
    hits = identify("Zanzibar Quay", segments={"RESIDENTIAL", "CORPORATE"}, region="GB")
    assert "PREMISE" in {hit.kind for hit in hits}


def test_the_screen_says_how_far_behind_we_are(book: SandboxErp, client_for, clerk) -> None:
    office(book, "end_date", contract=running_item().erp_number, end_date="2027-02-28")
    polling.follow()

    page = client_for(clerk).get("/sync/downloads/").content.decode()

    assert "Changes in the ERP" in page
    assert "Up to date" in page
