"""The screens of installed devices, and that there is none of them in info-record mode."""

from __future__ import annotations

import datetime as dt

import pytest

from access.choices import SegmentCode
from devices.choices import DeviceOrderKind, DeviceOrderStatus
from devices.models import DeviceOrder
from tests.devices.conftest import CHANGE
from tests.factories.devices import DeviceInstallationFactory
from tests.factories.premises import PointOfDeliveryFactory

pytestmark = pytest.mark.django_db


def start(browser, pod, slug: str) -> DeviceOrder:
    """Begin a device change from the place's page."""
    answer = browser.post(f"/devices/places/{pod.uuid}/order/{slug}/")
    assert answer.status_code == 302
    return DeviceOrder.objects.latest("id")


class TestOrdering:
    @pytest.mark.covers("A-06")
    def test_a_replacement_is_typed_and_sent(self, browser, installed, spare):
        order = start(browser, installed.pod, "replace")
        form = browser.get(f"/devices/orders/{order.uuid}/").content.decode()
        last = installed.device.registers.get().pk
        first = spare.registers.get().pk
        assert f"reading_{last}" in form

        answer = browser.post(
            f"/devices/orders/{order.uuid}/",
            {
                "version": order.version,
                "effective_on": CHANGE.isoformat(),
                "removed": str(installed.device.uuid),
                "installed": " 270002 ",
                f"reading_{last}": "4800",
                f"reading_{first}": "7",
            },
        )

        order.refresh_from_db()
        assert answer.status_code == 302, answer.content.decode()
        assert order.status == DeviceOrderStatus.QUEUED
        assert (order.removed_device, order.installed_device) == (installed.device, spare)
        page = browser.get(f"/devices/orders/{order.uuid}/").content.decode()
        assert "On its way to the ERP" in page
        assert "reading_" not in page

    def test_what_is_refused_is_said_at_its_field_and_kept(self, browser, installed):
        order = start(browser, installed.pod, "remove")
        name = f"reading_{installed.device.registers.get().pk}"

        answer = browser.post(
            f"/devices/orders/{order.uuid}/",
            {
                "version": order.version,
                "effective_on": CHANGE.isoformat(),
                "removed": str(installed.device.uuid),
                name: "4000",
            },
        )

        assert answer.status_code == 422
        assert "is lower than the last reading" in answer.content.decode()
        order.refresh_from_db()
        assert order.typed[name] == "4000"
        assert 'value="4000"' in browser.get(f"/devices/orders/{order.uuid}/").content.decode()

    @pytest.mark.covers("A-05")
    def test_a_change_before_the_last_one_is_refused_at_its_day_and_kept(self, browser, installed):
        order = start(browser, installed.pod, "remove")
        day = (installed.technical_from - dt.timedelta(days=1)).isoformat()

        answer = browser.post(
            f"/devices/orders/{order.uuid}/",
            {
                "version": order.version,
                "effective_on": day,
                "removed": str(installed.device.uuid),
                f"reading_{installed.device.registers.get().pk}": "5000",
            },
        )

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["effective_on"]
        order.refresh_from_db()
        assert (order.typed["effective_on"], order.status) == (day, DeviceOrderStatus.DRAFT)

    def test_the_form_is_kept_as_it_is_typed_and_shows_the_new_meter_s_registers(
        self, browser, installed, spare
    ):
        order = start(browser, installed.pod, "replace")

        answer = browser.post(
            f"/devices/orders/{order.uuid}/keep/",
            {"version": order.version, "effective_on": "", "installed": "270002"},
            headers={"HX-Request": "true"},
        )

        order.refresh_from_db()
        assert order.typed["installed"] == "270002"
        assert f"reading_{spare.registers.get().pk}" in answer.content.decode()
        assert f'value="{order.version}"' in answer.content.decode()

    def test_a_colleague_s_change_is_told(self, browser, client_for, supervisor, installed):
        order = start(browser, installed.pod, "remove")
        seen = order.version
        client_for(supervisor).post(
            f"/devices/orders/{order.uuid}/keep/", {"version": seen, "effective_on": ""}
        )

        answer = browser.post(
            f"/devices/orders/{order.uuid}/keep/", {"version": seen, "effective_on": "x"}
        )

        assert "has changed this meanwhile" in answer.content.decode()

    def test_an_unknown_meter_is_refused(self, browser, pod):
        order = start(browser, pod, "install")
        answer = browser.post(
            f"/devices/orders/{order.uuid}/",
            {"version": 1, "effective_on": CHANGE.isoformat(), "installed": "NOWHERE"},
        )
        assert answer.status_code == 422
        assert "No meter with this number" in answer.content.decode()

    def test_a_draft_is_given_up_and_an_unknown_kind_is_not_found(self, browser, pod):
        order = start(browser, pod, "install-technically")
        browser.post(f"/devices/orders/{order.uuid}/cancel/")
        order.refresh_from_db()
        assert order.status == DeviceOrderStatus.CANCELLED
        assert browser.post(f"/devices/places/{pod.uuid}/order/explode/").status_code == 404

    def test_open_orders_are_listed(self, browser, pod):
        order = start(browser, pod, "install")
        assert order.number in browser.get("/devices/orders/").content.decode()

    def test_the_state_is_polled_until_the_erp_has_answered(self, browser, release, installed):
        order = release(DeviceOrderKind.REMOVE, removed=installed.device, last=4800)
        url = f"/devices/orders/{order.uuid}/state/"
        assert browser.get(f"{url}?seen=QUEUED").status_code == 204
        assert "data-poll" in browser.get(f"{url}?seen=DRAFT").content.decode()

    def test_somebody_who_may_not_order_is_turned_away(
        self, client_for, corporate_manager, installed
    ):
        installed.pod.premise.segment = SegmentCode.CORPORATE
        installed.pod.premise.save()
        answer = client_for(corporate_manager).post(
            f"/devices/places/{installed.pod.uuid}/order/replace/"
        )
        assert answer.status_code == 403


@pytest.mark.covers("A-02")
class TestWhereMetersAreDescribed:
    def test_there_is_no_trace_of_device_installation(self, browser, tenant):
        place = DeviceInstallationFactory()
        for url in (
            f"/devices/places/{place.pod.uuid}/",
            f"/devices/installed/{place.device.uuid}/",
            "/devices/orders/",
        ):
            assert browser.get(url).status_code == 404
        assert browser.post(f"/devices/places/{place.pod.uuid}/order/install/").status_code == 404

    def test_the_premise_page_leads_to_none(self, browser, tenant):
        pod = PointOfDeliveryFactory()
        page = browser.get(f"/premises/{pod.premise.uuid}/").content.decode()
        assert "/devices/places/" not in page
        assert "device-orders" not in page


@pytest.mark.covers("B-18")
def test_the_premise_page_leads_to_the_installed_devices(browser, installed):
    page = browser.get(f"/premises/{installed.pod.premise.uuid}/").content.decode()

    assert f"/devices/places/{installed.pod.uuid}/" in page
    assert f"/devices/installed/{installed.device.uuid}/" in page
