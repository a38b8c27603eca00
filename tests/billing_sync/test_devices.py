"""Installed devices: downloaded in their order, changed by order, and continuous all the time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from billing_sync.choices import ObjectType, RejectStatus
from billing_sync.models import DownloadReject, DownloadRun
from billing_sync.services import downloading, rejecting
from billing_sync.services.following import polling
from billing_sync.services.loading import load_objects
from contracts.models import Contract, ContractItem
from devices.choices import DeviceOrderKind, DeviceOrderStatus
from devices.models import (
    Device,
    DeviceInfoRecord,
    DeviceInstallation,
    DeviceOrder,
    Installation,
    Register,
)
from devices.queries.consumption import usage_at
from devices.services.ordering.drafting import draft_order
from devices.services.ordering.releasing import release_order
from devices.services.ordering.rules import Change, OrderedReading
from events.choices import DeliveryState
from events.models import Delivery, Event
from identification.models import Identifier
from tests.support.erp import SandboxErp
from utilcrm import clock

Work = Callable[..., Any]


# two contracts at a point of delivery, and devices of the house
pytestmark = pytest.mark.parametrize("variant", ["havn"])


@pytest.fixture
def run(erp, work: Work) -> DownloadRun:
    """A finished download, whose pages end between supply and grid usage now and then."""
    started = downloading.start_download(page_size=33)
    work(lambda: not DownloadRun.objects.get(pk=started.pk).is_running, seconds=120)
    return started


def order(kind: str, actor: Any, **facts: Any) -> DeviceOrder:
    """Release a device change of today, with readings by device."""
    pod, readings = facts.pop("pod"), facts.pop("readings")
    return release_order(
        order=draft_order(kind=kind, pod=pod, actor=actor),
        change=Change(
            kind=kind,
            pod=pod,
            effective_on=clock.today(),
            readings={
                device.registers.get(code="001").pk: OrderedReading(Decimal(value))
                for device, value in readings.items()
            },
            **facts,
        ),
        version=None,
        actor=actor,
    )


def settled(order: DeviceOrder) -> bool:
    order.refresh_from_db()
    return not order.is_under_way


def free_device(division: str = "ELECTRICITY") -> Device:
    """Return a device that was never installed."""
    new = Device.objects.in_stock().filter(installations=None)
    return new.filter(division=division, rate="SINGLE").order_by("pk")[0]


@pytest.mark.covers("A-03", "A-06")
def test_installations_devices_and_registers_come_with_their_places(run: DownloadRun) -> None:
    seen = {one.object_type: one for one in run.checkpoints.all()}
    for code, model in (
        (ObjectType.INSTALLATION, Installation),
        (ObjectType.DEVICE, Device),
        (ObjectType.CONTRACT, ContractItem),
    ):
        assert seen[code].seen == seen[code].total == model.objects.count() > 60, code
    assert not DownloadReject.objects.exists()
    assert not DeviceInfoRecord.objects.exists()
    # business objects before technical ones before contracts, parents before children
    order = sorted(seen.values(), key=lambda one: one.position)
    kept = [one.object_type for one in order if one.seen]
    assert kept.index("POINT_OF_DELIVERY") < kept.index("INSTALLATION") < kept.index("DEVICE")
    assert kept.index("BUSINESS_PARTNER") < kept.index("CONNECTION_OBJECT")
    assert kept.index("DEVICE") < kept.index("CONTRACT")
    for contract in Contract.objects.prefetch_related("items"):
        supply, grid = contract.items.all().order_by("position")
        assert grid.supply_item_id == supply.pk
    place = DeviceInstallation.objects.filter(technical_to__isnull=True).first()
    assert place.pod.installations.count() == 2
    assert place.device.registers.first().readings.count() > 12
    # those that were never installed, and those that were taken away
    assert Device.objects.in_stock().count() >= 32
    assert Identifier.objects.filter(value=place.device.serial_number).exists()
    # one meter was replaced months ago: its consumption has no gap
    replaced = DeviceInstallation.objects.filter(technical_to__isnull=False).first()
    (usage,) = usage_at(replaced.pod)
    assert usage.replaced_on == (replaced.technical_to,)
    assert all(month.total > 0 for month in usage.months[:-1])


@pytest.mark.covers("A-03")
def test_a_device_at_an_unknown_place_is_on_the_reject_list_until_its_parent_is_here(
    run: DownloadRun,
) -> None:
    device = {
        "DeviceID": "000000000099999999",
        "SerialNumber": "2NOWHERE",
        "DivisionCode": "ELECTRICITY",
        "RateCode": "SINGLE",
        "Placement": [
            {
                "PointOfDeliveryID": "0000000000000000000001",
                "LogicalDeviceNumber": "1",
                "TechnicalFrom": "2026-01-01",
            }
        ],
    }
    loaded = load_objects(ObjectType.DEVICE, [device])
    rejecting.note_rejects(ObjectType.DEVICE, [device], loaded.rejects)
    reject = DownloadReject.objects.get()
    assert (reject.reason_code, reject.status) == ("PARENT_MISSING", RejectStatus.OPEN)

    pod = DeviceInstallation.objects.first().pod
    type(pod).objects.filter(pk=pod.pk).update(erp_number="0000000000000000000001")
    assert rejecting.retry_rejects(object_type=ObjectType.DEVICE) == (1, 0)
    assert DeviceInstallation.objects.filter(device__serial_number="2NOWHERE").exists()


@pytest.mark.covers("A-05", "A-06")
def test_a_replacement_goes_up_as_an_order_and_comes_back_done(
    erp: SandboxErp, run: DownloadRun, work: Work, agent: Any
) -> None:
    old = DeviceInstallation.objects.filter(
        technical_to__isnull=True, pod__division="ELECTRICITY", device__rate="SINGLE"
    ).first()
    new = free_device()
    last = old.device.registers.get().readings.order_by("-read_on", "-id")[0].value
    contracts = list(ContractItem.objects.filter(pod=old.pod).values("pk", "erp_number", "status"))

    ordered = order(
        DeviceOrderKind.REPLACE,
        agent,
        pod=old.pod,
        removed=old.device,
        installed=new,
        readings={old.device: last + 9, new: 4},
    )
    work(lambda: settled(ordered), seconds=30)

    assert (ordered.status, len(ordered.erp_number)) == (DeviceOrderStatus.CONFIRMED, 12)
    place = DeviceInstallation.objects.get(device=new)
    assert place.logical_number == old.logical_number
    assert place.technical_from == clock.today()
    assert contracts == list(
        ContractItem.objects.filter(pod=old.pod).values("pk", "erp_number", "status")
    )
    (sent,) = erp.control("ledger")
    assert (sent["kind"], sent["effect"]) == ("DeviceOrderERPCreateRequest", "created")
    assert sent["external_reference"] == str(ordered.uuid)
    # the download says the same: nothing is changed by it
    again = downloading.start_download(page_size=500)
    work(lambda: not DownloadRun.objects.get(pk=again.pk).is_running, seconds=120)
    devices = again.checkpoints.get(object_type=ObjectType.DEVICE)
    assert (devices.created, devices.rejected) == (0, 0)
    assert DeviceInstallation.objects.get(device=new).uuid == place.uuid
    assert Register.objects.filter(device=new).count() == 1
    # the ERP's log tells of it too: the market is told once
    polling.follow()
    replaced = Event.objects.get(name="devices.device.replaced")
    assert (replaced.subject_id, replaced.payload["order"]) == (new.pk, ordered.number)


@pytest.mark.covers("A-05")
def test_what_the_erp_refuses_is_told_mended_and_sent_again(
    erp: SandboxErp, run: DownloadRun, work: Work, agent: Any
) -> None:
    place = DeviceInstallation.objects.filter(
        technical_to__isnull=True, pod__division="GAS", device__rate="SINGLE"
    ).first()
    register = place.device.registers.get()
    last = register.readings.order_by("-read_on", "-id")[0].value
    # the ERP knows a reading that has not come down yet
    erp.control(
        "office",
        {
            "client": "havn",
            "action": "reading",
            "clerk": "LARSEN",
            "device": place.device.erp_number,
            "value": str(int(last) + 50),
        },
    )

    ordered = order(
        DeviceOrderKind.REMOVE,
        agent,
        pod=place.pod,
        removed=place.device,
        readings={place.device: last + 20},
    )
    work(lambda: settled(ordered), seconds=30)
    assert (ordered.status, ordered.failure_code) == (
        DeviceOrderStatus.REJECTED,
        "VALUE_BELOW_LAST",
    )
    assert DeviceInstallation.objects.get(pk=place.pk).is_standing

    release_order(
        order=ordered,
        change=Change(
            kind=DeviceOrderKind.REMOVE,
            pod=place.pod,
            effective_on=clock.today(),
            removed=place.device,
            readings={register.pk: OrderedReading(last + 60)},
        ),
        version=None,
        actor=agent,
    )
    ordered.refresh_from_db()
    work(lambda: settled(ordered), seconds=30)
    assert ordered.status == DeviceOrderStatus.CONFIRMED
    place.refresh_from_db()
    assert place.technical_to == clock.today()
    lane = Delivery.objects.filter(ordering_key=f"device:{place.pod.uuid}")
    assert lane.exclude(state__in=(DeliveryState.DONE, DeliveryState.SUPERSEDED)).count() == 0


@pytest.mark.covers("A-05")
def test_a_device_order_is_carried_out_once_whatever_is_lost_on_the_way(
    erp: SandboxErp, run: DownloadRun, work: Work, agent: Any
) -> None:
    new = free_device()
    place = DeviceInstallation.objects.filter(
        technical_to__isnull=True, pod__division="ELECTRICITY"
    ).first()
    erp.control("faults", [{"kind": "commit_then_drop", "times": 2}])

    ordered = order(DeviceOrderKind.INSTALL, agent, pod=place.pod, installed=new, readings={new: 0})
    work(lambda: settled(ordered), seconds=30)

    assert ordered.status == DeviceOrderStatus.CONFIRMED
    effects = [one["effect"] for one in erp.control("ledger")]
    assert effects.count("created") == 1
    here = DeviceInstallation.objects.filter(pod=place.pod, technical_to__isnull=True)
    assert here.count() == 2
    assert len({one.logical_number for one in here}) == 2
    assert here.get(device=new).technical_from == clock.today()
