"""The page of a place of meters, and that of a device."""

from __future__ import annotations

import datetime as dt

import pytest

from access.choices import SegmentCode
from tests.factories.devices import DeviceInstallationFactory, MeterReadingFactory
from tests.factories.premises import PointOfDeliveryFactory

pytestmark = pytest.mark.django_db


class TestThePlacePage:
    @pytest.mark.covers("A-03")
    def test_shows_devices_registers_readings_and_consumption(self, browser, installed):
        MeterReadingFactory(
            register=installed.device.registers.get(), read_on=dt.date(2026, 11, 1), value=4911
        )

        page = browser.get(f"/devices/places/{installed.pod.uuid}/").content.decode()

        assert "270001" in page
        assert "4,911" in page or "4911" in page
        assert 'data-chart="stacked"' in page
        assert 'data-value="200"' in page
        assert "order/replace/" in page

    def test_a_rejected_reading_is_not_the_last_one_and_is_shown_as_rejected(
        self, browser, installed
    ):
        register = installed.device.registers.get()
        MeterReadingFactory(register=register, read_on=dt.date(2026, 11, 1), value=4911)
        MeterReadingFactory(
            register=register, read_on=dt.date(2026, 11, 9), value=17, status="REJECTED"
        )

        page = browser.get(f"/devices/places/{installed.pod.uuid}/").content.decode()
        rows = page[page.index("Last reading") :]

        assert register.last_accepted.value == 4911
        assert rows.index("4911") < rows.index("Rejected") < rows.index("17 kWh")

    @pytest.mark.covers("A-03")
    def test_shows_two_devices_at_one_place_with_what_each_has_counted(self, browser, installed):
        other = DeviceInstallationFactory(pod=installed.pod, logical_number="L2")
        for url in (
            f"/devices/places/{installed.pod.uuid}/",
            f"/premises/{installed.pod.premise.uuid}/",
        ):
            page = browser.get(url)

            assert page.status_code == 200
            assert installed.device.serial_number in page.content.decode()
            assert other.device.serial_number in page.content.decode()

    def test_says_when_nothing_is_installed(self, browser, pod):
        page = browser.get(f"/devices/places/{pod.uuid}/").content.decode()

        assert "Nothing is installed here" in page
        assert "order/install/" in page
        assert "order/replace/" not in page

    def test_offers_no_change_to_somebody_who_may_order_none(
        self, client_for, corporate_manager, installed
    ):
        installed.pod.premise.segment = SegmentCode.CORPORATE
        installed.pod.premise.save()

        page = client_for(corporate_manager).get(f"/devices/places/{installed.pod.uuid}/")

        assert page.status_code == 200
        assert "order/replace/" not in page.content.decode()

    def test_is_not_found_by_somebody_who_may_not_see_the_customer(
        self, client_for, corporate_manager, installed
    ):
        for url in (
            f"/devices/places/{installed.pod.uuid}/",
            f"/devices/installed/{installed.device.uuid}/",
        ):
            assert client_for(corporate_manager).get(url).status_code == 404

    def test_costs_the_same_however_many_devices(
        self, browser, installed, django_assert_max_num_queries
    ):
        for number in range(3):
            DeviceInstallationFactory(
                pod=installed.pod,
                technical_from=dt.date(2020 + number, 1, 1),
                technical_to=dt.date(2020 + number, 6, 1),
                billing_from=None,
            )
        browser.get(f"/devices/places/{installed.pod.uuid}/")
        with django_assert_max_num_queries(26):
            browser.get(f"/devices/places/{installed.pod.uuid}/")


class TestTheDevicePage:
    @pytest.mark.covers("A-06")
    def test_shows_what_it_is_and_where_it_hung(self, browser, installed):
        page = browser.get(f"/devices/installed/{installed.device.uuid}/").content.decode()

        assert "Landis+Gyr" in page
        assert installed.pod.external_id in page
        assert "4,711" in page or "4711" in page

    def test_hides_readings_at_a_customer_s_that_the_person_may_not_see(
        self, client_for, corporate_manager, installed
    ):
        installed.end(dt.date(2026, 10, 2))
        there = PointOfDeliveryFactory(premise__segment=SegmentCode.CORPORATE)
        DeviceInstallationFactory(
            device=installed.device, pod=there, technical_from=dt.date(2026, 11, 1)
        )

        page = client_for(corporate_manager).get(f"/devices/installed/{installed.device.uuid}/")

        assert page.status_code == 200
        assert "4711" not in page.content.decode().replace(",", "")
        assert installed.pod.external_id not in page.content.decode()
