"""Changes in the ERP come in where contracts are double, and where meters are installed devices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from billing_sync.choices import RejectStatus
from billing_sync.models import DownloadReject
from billing_sync.services.following import polling
from contracts.models import ContractItem
from devices.models import (
    Device,
    DeviceInfoRecord,
    DeviceInstallation,
    Installation,
    MeterReading,
    Register,
)
from devices.queries.consumption import usage_at
from events.models import Event
from sandbox.erp.book import market
from tenants.queries import current_profile
from tests.billing_sync.book import office, running_item
from tests.support.erp import SandboxErp
from utilcrm import clock


def told(name: str, subject: Any) -> Event:
    return Event.objects.get(name=name, subject_id=subject.pk)


def placed(item: ContractItem) -> DeviceInstallation:
    return item.pod.device_installations.select_related("device").get(technical_to=None)


def standing_meter(item: ContractItem) -> Device | DeviceInfoRecord:
    """Return the meter at an item's place, whichever kind the tenant has."""
    record = DeviceInfoRecord.objects.filter(pod=item.pod, valid_to=None).first()
    return record or placed(item).device


@pytest.mark.covers("A-01", "A-06")
@pytest.mark.parametrize("variant", ["nordlicht", "ribera", "havn"])
def test_end_product_reading_and_partner_come_in_with_the_clerks_name(book: SandboxErp) -> None:
    item = running_item()
    account, meter = item.contract.account, standing_meter(item)
    last = item.starts_on + dt.timedelta(days=4000)
    product = "EL-RES-GREEN"
    office(book, "end_date", contract=item.erp_number, end_date=last.isoformat())
    office(book, "product", contract=item.erp_number, product=product)
    office(book, "reading", device=meter.erp_number, value="87654")
    office(book, "partner", partner=account.erp_number, last_name="Byron")

    cycle = polling.follow()

    assert cycle.applied == 3
    item.refresh_from_db()
    account.refresh_from_db()
    assert (item.ends_on, account.last_name) == (last, "Byron")
    assert item.product_name == product
    assert meter.registers.filter(readings__value=87654).count() == meter.registers.count()
    assert "M. Weber" in str(told("contracts.item.altered_in_erp", item).payload)
    for name, subject in (
        ("accounts.account.altered_in_erp", account),
        ("devices.device.altered_in_erp", meter),
    ):
        assert told(name, subject).account_uuid == account.uuid
    assert not DownloadReject.objects.exists()


@pytest.mark.covers("A-01", "N-02")
@pytest.mark.parametrize("variant", ["nordlicht"])
def test_the_end_of_one_leg_is_not_the_end_of_the_other(book: SandboxErp) -> None:
    end = clock.today() - dt.timedelta(days=1)
    pairs = [running_item(number).contract.items.order_by("position") for number in range(2)]
    (supply, kept_grid), (kept_supply, grid) = pairs
    for leg in (supply, grid):
        office(book, "end_date", contract=leg.erp_number, end_date=end.isoformat())

    polling.follow()

    for ended, other in ((supply, kept_grid), (grid, kept_supply)):
        ended.refresh_from_db()
        other.refresh_from_db()
        assert (ended.ends_on, ended.status) == (end, "ENDED")
        assert (other.ends_on, other.status) == (None, "COMPLETED")
        assert ended.contract.status == "ACTIVE"
        assert told("contracts.item.altered_in_erp", ended)
        assert not Event.objects.filter(
            subject_id=other.pk, name__startswith="contracts.item"
        ).exists()
    kept_grid.refresh_from_db()
    assert kept_grid.stands_alone
    assert grid.supply_item_id == kept_supply.pk


@pytest.mark.covers("A-01", "N-02")
@pytest.mark.parametrize("variant", ["havn"])
def test_grid_usage_that_comes_later_joins_the_supply(book: SandboxErp) -> None:
    vacant = (
        ContractItem.objects.filter(role="SUPPLY", status="ENDED")
        .exclude(pod__contract_items__status="COMPLETED")
        .select_related("pod__premise", "contract__account", "contract__business_agreement")
        .order_by("pk")[0]
    )
    facts = {
        "bp_id": vacant.contract.account.erp_number,
        "ca_id": vacant.contract.business_agreement.erp_number,
        "pod_id": vacant.pod.erp_number,
        "premise_id": vacant.pod.premise.erp_number,
        "division": vacant.division,
        "product": "EL-RES-FIX",
        "start_date": clock.today().isoformat(),
        "status": "ACTIVE",
    }
    supply = office(book, "create", object="CONTRACT", values=facts | {"role": "SUPPLY"})["key"]
    polling.follow()
    grid = office(book, "create", object="CONTRACT", values=facts | {"role": "GRID_USAGE"})["key"]
    polling.follow()

    grid_item = ContractItem.objects.get(erp_number=grid)
    assert grid_item.supply_item.erp_number == supply
    assert grid_item.contract_id == grid_item.supply_item.contract_id
    assert not DownloadReject.objects.exists()


@pytest.mark.covers("A-06")
@pytest.mark.parametrize(("variant", "page_size"), [("ribera", None), ("havn", 1)])
def test_a_device_replaced_in_the_erp_is_replaced_here_without_a_gap(
    book: SandboxErp, page_size: int | None
) -> None:
    item = running_item()
    place = placed(item)
    old, before = place.device, usage_at(item.pod)
    installations = set(Installation.objects.values_list("pk", flat=True))
    register = old.registers.order_by("code").first()
    final = register.readings.order_by("-read_on")[0].value + 20
    key = office(
        book, "replace_device", device=old.erp_number, serial="NEW4711", value="3",
        final=str(final),
    )["key"]  # fmt: skip
    # one change more of the old one: the log tells it behind the new one
    office(book, "change", object="DEVICE", key=old.erp_number, values={"manufacturer": "Other"})

    polling.follow(page_size=page_size)

    new = Device.objects.get(erp_number=key)
    place = old.installations.get(pod=item.pod, technical_from=place.technical_from)
    taken = placed(item)
    assert (place.technical_to, place.billing_to) == (clock.today(), clock.today())
    assert (taken.device, taken.logical_number) == (new, place.logical_number)
    assert (taken.technical_from, taken.billing_from) == (clock.today(), clock.today())
    assert set(Installation.objects.values_list("pk", flat=True)) == installations
    assert Register.objects.filter(device=new).count() == old.registers.count()
    removed, first = (
        MeterReading.objects.get(register__device=one, register__code="001", read_on=clock.today())
        for one in (old, new)
    )
    assert (removed.value, removed.reason) == (final, "REMOVAL")
    assert (first.value, first.reason) == (Decimal(3), "INSTALLATION")
    (usage,) = usage_at(item.pod)
    assert usage.replaced_on[-1] == clock.today()
    # what was there is there, and what is counted goes on where it ended
    assert [one.total for one in usage.months[:-1]] == [one.total for one in before[0].months[:-1]]
    item.refresh_from_db()
    assert (item.status, item.ends_on) == ("COMPLETED", None)
    # what the market is told of hangs on this event: it is there once, whatever comes after it
    office(book, "reading", device=key, value="9")
    polling.follow(page_size=page_size)
    event = told("devices.device.replaced", new)
    assert (event.payload["removed"], event.payload["installed"]) == (old.serial_number, "NEW4711")
    assert (event.payload["effective_on"], event.payload["clerk"]) == (
        clock.today().isoformat(),
        "M. Weber",
    )
    assert event.account_uuid == item.contract.account.uuid
    assert Event.objects.filter(name="devices.device.replaced").count() == 1
    assert not DownloadReject.objects.filter(status=RejectStatus.OPEN).exists()


@pytest.mark.covers("A-03")
@pytest.mark.parametrize("variant", ["nordlicht", "havn"])
def test_what_names_an_unknown_parent_waits_on_the_reject_list_until_it_comes(
    book: SandboxErp,
) -> None:
    item = running_item()
    place = item.pod.premise
    point = {
        "premise_id": place.erp_number,
        "co_id": place.connection_object.erp_number,
        "division": "ELECTRICITY",
        "external_id": market.external_id(current_profile().market, "ELECTRICITY", 99_999),
        "scheme": market.SCHEMES[current_profile().market, "ELECTRICITY"],
        "valid_from": "2020-01-01",
        "services": [],
    }
    pod_key = "0000000099999999999999"
    facts = {"pod_id": pod_key, "serial": "LATE1", "valid_from": "2026-01-01"}
    has_devices = current_profile().device_mode == "DEVICE"
    if has_devices:
        facts |= {
            "installation_id": "5999999999",
            "logical_number": "1".zfill(18),
            "former": [],
            "division": "ELECTRICITY",
        }
    registers = [
        {"RegisterID": "001", "RateTypeCode": "ALL_DAY", "UnitCode": "KWH", "Digits": 5,
         "Decimals": 0, "Factor": "1"},
    ]  # fmt: skip
    meter = office(
        book, "create", object="DEVICE" if has_devices else "DEVICE_INFO_RECORD",
        values=facts | {"rate": "SINGLE", "registers": registers},
    )["key"]  # fmt: skip
    contract = office(
        book, "create", object="CONTRACT",
        values={
            "role": "SUPPLY", "bp_id": item.contract.account.erp_number,
            "ca_id": item.contract.business_agreement.erp_number, "pod_id": pod_key,
            "premise_id": place.erp_number, "division": "ELECTRICITY", "product": "EL-RES-FIX",
            "start_date": "2026-01-01", "status": "ACTIVE",
        },
    )["key"]  # fmt: skip
    assert polling.follow().trouble == ""
    waiting = DownloadReject.objects.filter(status=RejectStatus.OPEN)
    assert set(waiting.values_list("erp_key", flat=True)) == {meter, contract}

    office(book, "create", object="POINT_OF_DELIVERY", key=pod_key, values=point)
    polling.follow()

    assert not waiting.exists(), list(waiting.values_list("erp_key", "reason"))
    come = ContractItem.objects.get(erp_number=contract)
    assert come.pod.erp_number == pod_key
    assert standing_meter(come).erp_number == meter


@pytest.mark.covers("A-01", "A-06")
@pytest.mark.parametrize("variant", ["havn"])
def test_what_takes_a_place_may_be_told_before_the_place_is_free(book: SandboxErp) -> None:
    item = running_item()
    place, today = placed(item), clock.today()
    account, agreement = item.contract.account, item.contract.business_agreement
    facts = {"pod_id": item.pod.erp_number, "division": "ELECTRICITY"}
    contract = office(
        book, "create", object="CONTRACT",
        values=facts | {
            "role": "SUPPLY", "bp_id": account.erp_number, "ca_id": agreement.erp_number,
            "premise_id": item.pod.premise.erp_number, "product": "EL-RES-FIX",
            "start_date": today.isoformat(), "status": "ACTIVE",
        },
    )["key"]  # fmt: skip
    device = office(
        book, "create", object="DEVICE",
        values=facts | {
            "serial": "EARLY1", "rate": "SINGLE", "logical_number": place.logical_number,
            "valid_from": today.isoformat(), "former": [],
        },
    )["key"]  # fmt: skip
    polling.follow()
    waiting = DownloadReject.objects.filter(status=RejectStatus.OPEN)
    assert dict(waiting.values_list("erp_key", "reason_code")) == {
        contract: "OVERLAP",
        device: "PLACE_TAKEN",
    }

    office(book, "end_date", contract=item.erp_number, end_date=today.isoformat())
    ended = {"valid_to": today.isoformat(), "billing_to": today.isoformat()}
    office(book, "change", object="DEVICE", key=place.device.erp_number, values=ended)
    polling.follow()

    assert not waiting.exists(), list(waiting.values_list("erp_key", "reason"))
    assert ContractItem.objects.get(erp_number=contract).pod == item.pod
    assert placed(item).device.erp_number == device
    assert Event.objects.get(name="devices.device.replaced").payload["installed"] == "EARLY1"
