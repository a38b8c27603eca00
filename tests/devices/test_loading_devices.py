"""Taking over installations and devices from the ERP."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devices.models import Device, DeviceInstallation, Installation, MeterReading, Register
from devices.services.indexing import reindex_premises_with_meters
from devices.services.loading import (
    DeviceRow,
    InstallationRow,
    PlacementRow,
    ReadingRow,
    RegisterRow,
    load_devices,
    load_installations,
)
from identification.queries import identify
from premises.models import PointOfDelivery
from tests.factories.premises import PointOfDeliveryFactory
from tests.premises.test_loading import load_site

pytestmark = pytest.mark.django_db

SINCE = dt.date(2020, 1, 1)
CHANGED = dt.date(2026, 3, 1)
READ = ReadingRow(dt.date(2026, 1, 1), Decimal(4711))


def pod_number(number: int) -> str:
    return f"{number:022d}"


def place(number: int = 1, **changes: object) -> PlacementRow:
    row = PlacementRow(pod_number(number), f"L{number}", SINCE, billing_from=SINCE)
    return replace(row, **changes)


def device(number: int, **changes: object) -> DeviceRow:
    row = DeviceRow(
        erp_number=f"{number:018d}",
        serial_number=f"2{number:08d}",
        division="ELECTRICITY",
        rate="SINGLE",
        material="E450-S4",
        manufacturer="Landis+Gyr",
        certified_until=dt.date(2030, 12, 31),
        placements=(place(number),),
        registers=(RegisterRow("001", "ALL_DAY", readings=(READ,)),),
    )
    return replace(row, **changes)


@pytest.fixture
def pod(db):
    return PointOfDeliveryFactory(erp_number=pod_number(1))


@pytest.mark.covers("A-03")
class TestLoadingInstallations:
    def row(self, **changes: object) -> InstallationRow:
        row = InstallationRow("5000000001", pod_number(1), "SUPPLY", "EL-RES-1", SINCE)
        return replace(row, **changes)

    def test_creates_once_and_follows_changes(self, pod):
        assert load_installations([self.row()]) == (1, 0, [])
        assert load_installations([self.row()]) == (0, 0, [])
        assert load_installations([self.row(rate_category="EL-RES-2")]).updated == 1
        assert Installation.objects.get().pod == pod

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"pod_erp_number": "7"}, "PARENT_MISSING"),
            ({"pod_erp_number": ""}, "PARENT_MISSING"),
            ({"role": "PRODUCTION"}, "CODE_UNKNOWN"),
            ({"rate_category": "X" * 11}, "TOO_LONG"),
            ({"valid_to": SINCE}, "RANGE_EMPTY"),
            ({"erp_number": ""}, "NUMBER_MISSING"),
        ],
    )
    def test_keeps_out_what_cannot_be_right(self, pod, changes, code):
        loaded = load_installations([self.row(**changes)])

        assert [one.code for one in loaded.rejects] == [code]
        assert not Installation.objects.exists()


@pytest.mark.covers("A-03")
class TestLoadingDevices:
    def test_takes_place_registers_and_readings_along(self, pod):
        loaded = load_devices([device(1)])

        installed = DeviceInstallation.objects.get()
        assert loaded == (1, 0, [])
        assert (installed.pod, installed.device.serial_number) == (pod, "200000001")
        assert MeterReading.objects.get().register.device == installed.device

    def test_creates_and_changes_nothing_the_second_time(self, pod):
        load_devices([device(1)])
        before = DeviceInstallation.objects.get().uuid

        assert load_devices([device(1)]) == (0, 0, [])
        assert DeviceInstallation.objects.get().uuid == before
        assert Register.objects.count() == MeterReading.objects.count() == 1

    def test_takes_a_device_in_stock(self):
        assert load_devices([device(1, placements=())]) == (1, 0, [])
        assert Device.objects.in_stock().count() == 1

    def test_rejects_what_hangs_at_an_unknown_point_of_delivery(self, pod):
        loaded = load_devices([device(1), device(2)])

        assert loaded.created == 1
        assert [(one.key, one.code) for one in loaded.rejects] == [(f"{2:018d}", "PARENT_MISSING")]
        assert not Register.objects.exclude(device__serial_number="200000001").exists()

    @pytest.mark.covers("A-06")
    def test_follows_a_replacement_that_the_erp_made(self, pod):
        load_devices([device(1)])
        old = device(1, placements=(place(technical_to=CHANGED, billing_to=CHANGED),))
        new = device(2, placements=(place(technical_from=CHANGED, billing_from=CHANGED),))

        loaded = load_devices([old, new])

        assert (loaded.created, loaded.updated, loaded.rejects) == (1, 1, [])
        installed = DeviceInstallation.objects.order_by("technical_from")
        assert [one.technical_to for one in installed] == [CHANGED, None]
        assert {one.logical_number for one in installed} == {"L1"}

    def test_keeps_a_second_device_off_a_place_that_is_taken(self, pod):
        load_devices([device(1)])

        loaded = load_devices([device(2, placements=(place(),))])

        assert [(one.key, one.code) for one in loaded.rejects] == [(f"{2:018d}", "PLACE_TAKEN")]
        assert DeviceInstallation.objects.count() == 1

    @pytest.mark.covers("A-05")
    def test_bills_a_device_once_however_many_installations_bill_it(self, pod):
        times = [
            {"billing_from": dt.date(2021, 1, 1), "billing_to": CHANGED},
            {"billing_from": SINCE, "billing_to": dt.date(2022, 1, 1)},
            {"billing_from": None},
        ]
        row = device(1, placements=tuple(place(technical_to=CHANGED, **one) for one in times))

        assert load_devices([row]) == (1, 0, [])

        installed = DeviceInstallation.objects.get()
        assert (installed.billing_from, installed.billing_to) == (SINCE, CHANGED)
        assert load_devices([row]) == (0, 0, [])

    def test_takes_several_devices_at_a_place_each_under_its_logical_number(self, pod):
        other = device(2, placements=(place(logical_number="L2"),))

        assert load_devices([device(1), other]) == (2, 0, [])

        assert pod.device_installations.count() == 2
        assert load_devices([device(1), other]) == (0, 0, [])

    def test_corrects_a_reading_that_the_erp_corrects_and_none_that_was_taken_here(self, pod):
        load_devices([device(1)])
        MeterReading.objects.create(
            register=Register.objects.get(),
            read_on=dt.date(2026, 2, 1),
            value=4800,
            reason="PERIODIC",
            source="CUSTOMER",
        )
        readings = (
            replace(READ, value=Decimal(4712)),
            ReadingRow(dt.date(2026, 2, 1), Decimal(1)),
        )

        load_devices([device(1, registers=(RegisterRow("001", "ALL_DAY", readings=readings),))])

        assert list(MeterReading.objects.order_by("read_on").values_list("value", flat=True)) == [
            4712,
            4800,
        ]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"serial_number": ""}, "TOO_LONG"),
            ({"rate": "TRIPLE"}, "CODE_UNKNOWN"),
            ({"division": "WATER"}, "CODE_UNKNOWN"),
            ({"manufacturer": "X" * 41}, "TOO_LONG"),
            ({"placements": (place(technical_to=SINCE),)}, "RANGE_EMPTY"),
            ({"placements": (place(billing_from=SINCE - dt.timedelta(1)),)}, "RANGE_EMPTY"),
            ({"placements": (place(technical_to=CHANGED),)}, "RANGE_EMPTY"),
            ({"registers": (RegisterRow("001", "ALL_DAY", digits=0),)}, "REGISTER_IMPOSSIBLE"),
        ],
    )
    def test_keeps_out_what_cannot_be_right_and_loads_the_others(self, pod, changes, code):
        PointOfDeliveryFactory(erp_number=pod_number(2))

        loaded = load_devices([device(1, **changes), device(2)])

        assert loaded.created == 1
        assert [one.code for one in loaded.rejects] == [code]

    @pytest.mark.covers("B-09")
    def test_is_found_by_its_number_afterwards(self):
        load_site(1)
        number = PointOfDelivery.objects.get().erp_number
        load_devices([device(1, placements=(place(pod_erp_number=number),))])

        reindex_premises_with_meters(erp_numbers=["0000000001"])

        assert identify("200000001", segments={"RESIDENTIAL"}, region="GB")

    def test_is_set_based(self):
        pods = PointOfDeliveryFactory.create_batch(60)
        for number, one in enumerate(pods, start=1):
            one.erp_number = pod_number(number)
        type(pods[0]).objects.bulk_update(pods, ["erp_number"])

        with CaptureQueriesContext(connection) as of_one:
            load_devices([device(1)])
        with CaptureQueriesContext(connection) as of_many:
            loaded = load_devices([device(number) for number in range(2, 61)])

        assert loaded.created == 59
        assert len(of_many) == len(of_one)
