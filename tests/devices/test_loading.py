"""Taking over meters from the ERP."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devices.models import DeviceInfoRecord, MeterReading, Register
from devices.services.indexing import reindex_premises_with_meters
from devices.services.loading import (
    DeviceInfoRow,
    ReadingRow,
    RegisterRow,
    load_device_info_records,
)
from identification.queries import identify
from tests.factories.devices import DeviceInfoRecordFactory
from tests.factories.premises import PointOfDeliveryFactory, make_mpan
from tests.premises.test_loading import load_site

pytestmark = pytest.mark.django_db

SINCE = dt.date(2020, 1, 1)
READ = ReadingRow(dt.date(2026, 1, 1), Decimal(4711))


def meter(number: int, **changes: object) -> DeviceInfoRow:
    """Return the meter at the point of delivery with this number."""
    values: dict[str, object] = {
        "erp_number": f"{number:010d}",
        "pod_external_id": make_mpan(number),
        "serial_number": f"E21Z{number:08d}",
        "rate": "SINGLE",
        "valid_from": SINCE,
        "registers": (RegisterRow("001", "ALL_DAY", readings=(READ,)),),
    }
    return DeviceInfoRow(**(values | changes))  # type: ignore[arg-type]


class TestLoadingMeters:
    def test_takes_registers_and_readings_along(self):
        PointOfDeliveryFactory(external_id=make_mpan(1))

        loaded = load_device_info_records([meter(1)])

        assert (loaded.created, loaded.updated, loaded.rejects) == (1, 0, [])
        assert MeterReading.objects.get().register.device_info_record.erp_number == "0000000001"

    def test_creates_and_changes_nothing_the_second_time(self):
        PointOfDeliveryFactory(external_id=make_mpan(1))
        load_device_info_records([meter(1)])

        loaded = load_device_info_records([meter(1)])

        assert (loaded.created, loaded.updated, loaded.rejects) == (0, 0, [])
        assert Register.objects.count() == MeterReading.objects.count() == 1

    def test_adds_readings_and_follows_a_changed_register(self):
        PointOfDeliveryFactory(external_id=make_mpan(1))
        load_device_info_records([meter(1)])
        later = ReadingRow(dt.date(2026, 7, 1), Decimal(5000))

        load_device_info_records(
            [meter(1, registers=(RegisterRow("001", "ALL_DAY", digits=7, readings=(later,)),))]
        )

        assert Register.objects.get().digits == 7
        assert MeterReading.objects.count() == 2

    @pytest.mark.covers("A-01")
    def test_takes_the_erps_correction_of_a_reading(self):
        PointOfDeliveryFactory(external_id=make_mpan(1))
        load_device_info_records([meter(1)])
        read = MeterReading.objects.get()
        corrected = ReadingRow(read.read_on, read.value + 1, reason=read.reason)

        load_device_info_records(
            [meter(1, registers=(RegisterRow("001", "ALL_DAY", readings=(corrected,)),))]
        )

        assert MeterReading.objects.get().value == read.value + 1

    def test_rejects_what_has_no_point_of_delivery(self):
        loaded = load_device_info_records([meter(1)])

        assert [(one.key, one.code) for one in loaded.rejects] == [("0000000001", "PARENT_MISSING")]
        assert not DeviceInfoRecord.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"serial_number": ""}, "TOO_LONG"),
            ({"rate": "TRIPLE"}, "CODE_UNKNOWN"),
            ({"valid_to": SINCE}, "RANGE_EMPTY"),
            ({"registers": (RegisterRow("001", "ALL_DAY", digits=0),)}, "REGISTER_IMPOSSIBLE"),
            ({"registers": (RegisterRow("001", "NOON"),)}, "CODE_UNKNOWN"),
            (
                {
                    "registers": (
                        RegisterRow("001", "ALL_DAY", readings=(ReadingRow(SINCE, Decimal(-1)),)),
                    )
                },
                "READING_NEGATIVE",
            ),
        ],
    )
    def test_keeps_out_what_cannot_be_right_and_loads_the_others(self, changes, code):
        PointOfDeliveryFactory(external_id=make_mpan(1))
        PointOfDeliveryFactory(external_id=make_mpan(2))

        loaded = load_device_info_records([meter(1, **changes), meter(2)])

        assert loaded.created == 1
        assert [one.code for one in loaded.rejects] == [code]

    def test_keeps_out_a_meter_that_stands_there_already(self):
        pod = PointOfDeliveryFactory(external_id=make_mpan(1))
        DeviceInfoRecordFactory(pod=pod, serial_number="E21Z00000001")

        loaded = load_device_info_records([meter(1)])

        assert [one.code for one in loaded.rejects] == ["METER_TWICE"]

    def test_is_found_by_its_number_afterwards(self):
        load_site(1)
        load_device_info_records([meter(1)])

        reindex_premises_with_meters(erp_numbers=["0000000001"])

        assert identify("E21Z00000001", segments={"RESIDENTIAL"}, region="GB")

    def test_is_set_based(self):
        PointOfDeliveryFactory.create_batch(60)
        numbers = [
            int(one[2:12])
            for one in type(PointOfDeliveryFactory()).objects.values_list("external_id", flat=True)
        ]

        with CaptureQueriesContext(connection) as of_one:
            load_device_info_records([meter(numbers[0])])
        with CaptureQueriesContext(connection) as of_many:
            loaded = load_device_info_records([meter(number) for number in numbers[1:]])

        assert loaded.created == len(numbers) - 1
        assert len(of_many) == len(of_one)
