"""Device changes: what is refused, and what becomes of an order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from devices.choices import DeviceOrderKind, DeviceOrderStatus, ReadingReason
from devices.models import DeviceInstallation, MeterReading
from devices.services.ordering.answering import confirm_order, mark_order_sent, reject_order
from devices.services.ordering.drafting import (
    DevicesNotInstalled,
    OrderNotEditable,
    cancel_order,
    draft_order,
    keep_draft,
)
from devices.services.ordering.releasing import release_order
from devices.services.ordering.rules import Change, OrderedReading
from devices.services.replacing import tell_replacements
from events.models import Event
from identification.queries import identify
from tests.devices.conftest import CHANGE
from tests.factories.devices import DeviceInstallationFactory, device_with_registers
from tests.factories.premises import PointOfDeliveryFactory
from utilcrm.db.models import StaleVersion

pytestmark = pytest.mark.django_db

K = DeviceOrderKind


class TestDrafts:
    @pytest.mark.covers("A-02")
    def test_there_is_none_where_meters_are_described(self, agent):
        with pytest.raises(DevicesNotInstalled):
            draft_order(kind=K.INSTALL, pod=PointOfDeliveryFactory(), actor=agent)

    def test_a_draft_is_gone_on_with(self, order_of):
        assert order_of(K.REMOVE) == order_of(K.REMOVE)
        assert order_of(K.REMOVE) != order_of(K.INSTALL)

    def test_what_is_typed_is_kept_right_or_wrong(self, order_of, agent, supervisor):
        order = keep_draft(
            order=order_of(K.REMOVE), typed={"effective_on": "x"}, version=1, actor=agent
        )
        order.refresh_from_db()
        assert order.typed == {"effective_on": "x"}
        assert keep_draft(order=order, typed={"a": "1"}, version=1, actor=agent).version == 3
        with pytest.raises(StaleVersion):
            keep_draft(order=order, typed={}, version=1, actor=supervisor)

    def test_it_can_be_given_up_until_the_erp_has_it(self, release, order_of, installed, agent):
        cancelled = cancel_order(order=order_of(K.INSTALL), actor=agent)
        assert cancelled.status == DeviceOrderStatus.CANCELLED

        order = release(K.REMOVE, removed=installed.device, last=4800)
        with pytest.raises(OrderNotEditable):
            cancel_order(order=order, actor=agent)


class TestWhatTheErpAnswers:
    def answer(self, order, logical=""):
        confirm_order(order_uuid=order.uuid, erp_number="860000000001", logical_number=logical)
        order.refresh_from_db()

    @pytest.mark.covers("A-05")
    def test_an_installation_is_done_here_when_it_is_done_there(self, release, pod, spare):
        order = release(K.INSTALL, installed=spare, first=3)
        assert not DeviceInstallation.objects.exists()
        mark_order_sent(order_uuid=order.uuid)
        self.answer(order, "000000000500000007")

        place = DeviceInstallation.objects.get()
        assert (place.pod, place.device, place.logical_number) == (
            pod,
            spare,
            "000000000500000007",
        )
        assert place.technical_from == place.billing_from == CHANGE
        reading = MeterReading.objects.get()
        assert (reading.value, reading.reason) == (3, ReadingReason.INSTALLATION)
        assert order.status == DeviceOrderStatus.CONFIRMED
        assert identify("270002", segments={"RESIDENTIAL"}, region="GB")

    @pytest.mark.covers("A-05")
    def test_billing_follows_a_technical_installation(self, release, spare):
        self.answer(release(K.INSTALL_TECHNICALLY, installed=spare), "L1")
        assert DeviceInstallation.objects.get().billing_from is None

        later = CHANGE + dt.timedelta(days=3)
        self.answer(release(K.INSTALL_FOR_BILLING, on=later, installed=spare, first=8))

        place = DeviceInstallation.objects.get()
        assert (place.technical_from, place.billing_from) == (CHANGE, later)

    @pytest.mark.covers("A-06")
    def test_a_replacement_takes_over_the_logical_number_without_a_gap(
        self, release, installed, spare
    ):
        order = release(K.REPLACE, removed=installed.device, installed=spare, last=4800, first=7)
        self.answer(order)

        old, new = DeviceInstallation.objects.order_by("technical_from")
        assert old.technical_to == old.billing_to == new.technical_from == new.billing_from
        assert old.logical_number == new.logical_number
        event = Event.objects.get(name="devices.device.replaced")
        assert (event.payload["removed"], event.payload["installed"]) == (
            installed.device.serial_number,
            spare.serial_number,
        )
        reasons = MeterReading.objects.filter(read_on=CHANGE).values_list("reason", flat=True)
        assert set(reasons) == {ReadingReason.REMOVAL, ReadingReason.INSTALLATION}

    @pytest.mark.covers("A-06")
    def test_a_replacement_that_came_by_itself_before_the_answer_is_told_once(
        self, release, pod, installed, spare
    ):
        order = release(K.REPLACE, removed=installed.device, installed=spare, last=4800, first=7)
        installed.end(CHANGE)
        DeviceInstallationFactory(
            device=spare,
            pod=pod,
            technical_from=CHANGE,
            logical_number=installed.logical_number,
        )
        assert tell_replacements([pod.uuid], since=CHANGE) == 1

        self.answer(order)

        assert Event.objects.filter(name="devices.device.replaced").count() == 1

    def test_a_removal_ends_billing_too(self, release, installed):
        self.answer(release(K.REMOVE, removed=installed.device, last=4800))
        place = DeviceInstallation.objects.get()
        assert place.technical_to == place.billing_to == CHANGE

    def test_an_answer_that_comes_twice_changes_nothing_more(self, release, spare):
        order = release(K.INSTALL, installed=spare, first=3)
        self.answer(order, "L1")
        self.answer(order, "L2")
        assert DeviceInstallation.objects.get().logical_number == "L1"

    def test_what_the_download_brought_first_stays(self, release, pod, spare):
        order = release(K.INSTALL, installed=spare, first=3)
        DeviceInstallationFactory(device=spare, pod=pod, technical_from=CHANGE, logical_number="L9")
        self.answer(order, "L9")
        assert DeviceInstallation.objects.get().logical_number == "L9"

    def test_what_stands_in_the_way_here_does_not_stop_the_order(self, release, pod, spare):
        order = release(K.INSTALL, installed=spare, first=3)
        DeviceInstallationFactory(
            device=device_with_registers(), pod=pod, technical_from=CHANGE, logical_number="L9"
        )
        self.answer(order, "L9")
        assert order.status == DeviceOrderStatus.CONFIRMED

    def test_a_refusal_can_be_mended_and_sent_again(self, release, pod, installed, agent):
        order = release(K.REMOVE, removed=installed.device, last=4800)
        reject_order(order_uuid=order.uuid, code="READ_LATER", field="", text="Read later")
        order.refresh_from_db()
        assert (order.status, order.failure_text) == (DeviceOrderStatus.REJECTED, "Read later")

        again = release_order(
            order=order,
            change=Change(
                kind=K.REMOVE,
                pod=pod,
                effective_on=CHANGE + dt.timedelta(days=1),
                removed=installed.device,
                readings={installed.device.registers.get().pk: OrderedReading(Decimal(4801))},
            ),
            version=order.version,
            actor=agent,
        )
        assert (again.status, again.failure_text) == (DeviceOrderStatus.QUEUED, "")
        assert again.readings.get().value == 4801
