"""Recording meters, and looking at them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from access.choices import SegmentCode
from devices.choices import Rate, RateType, ReadingReason
from devices.models import DeviceInfoRecord, MeterReading
from devices.queries import meters_at
from devices.services.recording import (
    InvalidMeter,
    MeterDataNotAllowed,
    RegisterInput,
    record_device_info,
)
from events.models import Event
from identification.queries import identify
from premises.services.indexing import index_premise
from tenants.choices import DeviceMode
from tenants.queries import current_profile
from tests.factories.devices import (
    DeviceInfoRecordFactory,
    MeterReadingFactory,
    RegisterFactory,
)
from tests.factories.premises import PointOfDeliveryFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 1)
SINGLE = [RegisterInput(code="001", rate_type=RateType.ALL_DAY, reading=Decimal("4711"))]


def record(pod, agent, **changes):
    """Record a single-rate meter with a move-in reading."""
    values = {
        "pod": pod,
        "serial_number": "19l 3456789",
        "rate": Rate.SINGLE,
        "registers": SINGLE,
        "valid_from": DAY,
        "actor": agent,
    }
    return record_device_info(**(values | changes))


class TestRecordingAMeter:
    def test_stores_number_registers_and_opening_reading_without_installing_anything(self, agent):
        pod = PointOfDeliveryFactory()

        meter = record(pod, agent)

        reading = MeterReading.objects.get(register__device_info_record=meter)
        assert meter.serial_number == "19L3456789"
        assert (reading.value, reading.reason) == (Decimal(4711), ReadingReason.MOVE_IN)
        assert Event.objects.filter(name="devices.device_info_record.created").exists()

    def test_lets_the_premise_be_found_by_its_meter_number(self, agent):
        pod = PointOfDeliveryFactory()
        record(pod, agent)

        found = identify("19L3456789", segments={"RESIDENTIAL"}, region="GB")

        assert [hit.subject_uuid for hit in found] == [pod.premise.uuid]

    def test_keeps_the_meter_findable_when_the_premise_changes(self, agent):
        pod = PointOfDeliveryFactory()
        record(pod, agent)
        index_premise(pod.premise)

        assert identify("19L3456789", segments={"RESIDENTIAL"}, region="GB")

    def test_ends_the_record_of_the_meter_before(self, agent):
        pod = PointOfDeliveryFactory()
        old = DeviceInfoRecordFactory(pod=pod)

        new = record(pod, agent)

        old.refresh_from_db()
        assert old.valid_to == DAY
        assert list(meters_at(pod, on=DAY)) == [new]
        assert list(meters_at(pod, on=DAY - dt.timedelta(days=1))) == [old]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"serial_number": ""}, "serial_number"),
            ({"serial_number": "X" * 19}, "serial_number"),
            ({"rate": Rate.DOUBLE}, "rate"),
            (
                {"registers": [RegisterInput("001", RateType.ALL_DAY, reading=Decimal(-1))]},
                "reading",
            ),
            (
                {"registers": [RegisterInput("001", RateType.ALL_DAY, reading=Decimal(100000))]},
                "reading",
            ),
            (
                {"registers": [RegisterInput("001", RateType.ALL_DAY, reading=Decimal("1.5"))]},
                "reading",
            ),
        ],
    )
    def test_refuses_what_contradicts_itself(self, agent, changes, field):
        pod = PointOfDeliveryFactory()

        with pytest.raises(InvalidMeter) as refusal:
            record(pod, agent, **changes)

        assert refusal.value.field == field
        assert not DeviceInfoRecord.objects.exists()

    def test_refuses_a_day_on_which_a_later_meter_stands(self, agent):
        pod = PointOfDeliveryFactory()
        record(pod, agent)

        with pytest.raises(InvalidMeter):
            record(pod, agent, serial_number="OTHER")

    def test_is_refused_where_the_tenant_installs_devices(self, agent, monkeypatch):
        monkeypatch.setattr(current_profile(), "device_mode", DeviceMode.DEVICE)

        with pytest.raises(MeterDataNotAllowed):
            record(PointOfDeliveryFactory(), agent)


class TestTheMeterPage:
    def test_shows_registers_and_readings(self, client_for, agent):
        reading = MeterReadingFactory()
        meter = reading.register.device_info_record

        page = client_for(agent).get(f"/devices/{meter.uuid}/").content.decode()

        assert meter.serial_number in page
        assert "12345" in page.replace(",", "")

    def test_is_not_found_by_somebody_who_may_not_see_the_customer(
        self, client_for, corporate_manager
    ):
        meter = DeviceInfoRecordFactory(pod__premise__segment=SegmentCode.RESIDENTIAL)

        assert client_for(corporate_manager).get(f"/devices/{meter.uuid}/").status_code == 404

    def test_costs_the_same_however_many_registers(
        self, client_for, agent, django_assert_max_num_queries
    ):
        meter = DeviceInfoRecordFactory()
        for code in ("001", "002", "003"):
            for day in (1, 2, 3):
                MeterReadingFactory(
                    register=RegisterFactory.create(device_info_record=meter, code=code)
                    if day == 1
                    else meter.registers.get(code=code),
                    read_on=dt.date(2026, 1, day),
                )
        browser = client_for(agent)
        browser.get(f"/devices/{meter.uuid}/")

        with django_assert_max_num_queries(16):
            browser.get(f"/devices/{meter.uuid}/")
