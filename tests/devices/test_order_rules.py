"""Device changes that cannot be, and why."""

from __future__ import annotations

import datetime as dt

import pytest

from devices.choices import DeviceOrderKind
from devices.models import DeviceInstallation
from devices.services.ordering.rules import OrderRefused
from tests.devices.conftest import CHANGE
from tests.factories.devices import DeviceInstallationFactory, device_with_registers
from utilcrm import clock

pytestmark = pytest.mark.django_db

K = DeviceOrderKind
BEFORE = CHANGE - dt.timedelta(days=1)


def refused(run, code):
    """Say whether it is refused with this code, and return the refusal."""
    with pytest.raises(OrderRefused) as refusal:
        run()
    assert refusal.value.code == code
    return refusal.value


@pytest.mark.covers("A-05")
class TestRefusals:
    def test_a_day_before_a_later_device_change_is_refused_with_that_reason(
        self, release, pod, spare
    ):
        DeviceInstallationFactory(
            device=device_with_registers(), pod=pod, technical_from=CHANGE, technical_to=None
        )

        refusal = refused(
            lambda: release(K.INSTALL, on=BEFORE, installed=spare, first=0),
            "LATER_DEVICE_CHANGE",
        )

        assert "8 Oct" in str(refusal) or "Oct. 8" in str(refusal) or "8 October" in str(refusal)
        assert "9" in str(refusal)
        assert refusal.field == "effective_on"

    def test_a_removal_counts_as_a_later_change(self, release, installed, spare):
        installed.end(CHANGE)

        refused(
            lambda: release(K.INSTALL, on=BEFORE, installed=spare, first=0),
            "LATER_DEVICE_CHANGE",
        )

    def test_a_device_is_not_removed_on_the_day_it_came(self, release, installed):
        DeviceInstallation.objects.update(technical_from=CHANGE, billing_from=CHANGE)
        refused(
            lambda: release(K.REMOVE, removed=installed.device, last=5000), "LATER_DEVICE_CHANGE"
        )

    def test_billing_without_technical_installation_is_refused(self, release, spare):
        refused(
            lambda: release(K.INSTALL_FOR_BILLING, installed=spare, first=0),
            "NOT_INSTALLED_TECHNICALLY",
        )

    def test_billing_before_the_technical_installation_is_refused(self, release, pod, spare):
        DeviceInstallationFactory(device=spare, pod=pod, technical_from=CHANGE, billing_from=None)
        refused(
            lambda: release(K.INSTALL_FOR_BILLING, on=BEFORE, installed=spare, first=0),
            "LATER_DEVICE_CHANGE",
        )

    def test_billing_twice_is_refused(self, release, installed):
        refused(
            lambda: release(K.INSTALL_FOR_BILLING, installed=installed.device, first=0),
            "BILLED_ALREADY",
        )

    def test_a_device_that_hangs_elsewhere_is_refused(self, release, spare):
        other = DeviceInstallationFactory(device=spare)

        refusal = refused(lambda: release(K.INSTALL, installed=spare, first=0), "DEVICE_ELSEWHERE")

        assert other.pod.external_id in str(refusal)

    def test_a_device_that_hung_elsewhere_on_that_day_is_refused(self, release, spare):
        DeviceInstallationFactory(device=spare).end(CHANGE + dt.timedelta(days=1))
        refused(lambda: release(K.INSTALL, installed=spare, first=0), "DEVICE_ELSEWHERE")

    def test_a_device_of_the_other_division_is_refused(self, release):
        gas = device_with_registers(division="GAS")
        refused(lambda: release(K.INSTALL, installed=gas, first=0), "DIVISION_MISMATCH")

    def test_a_device_whose_certificate_has_run_out_is_refused(self, release):
        old = device_with_registers(certified_until=BEFORE)
        refused(lambda: release(K.INSTALL, installed=old, first=0), "CERTIFICATE_EXPIRED")

    @pytest.mark.parametrize("value", ["100000", "1.5", "-1"])
    def test_a_reading_that_the_register_cannot_show_is_refused(self, release, spare, value):
        refusal = refused(
            lambda: release(K.INSTALL, installed=spare, first=value), "READING_TOO_LONG"
        )
        assert refusal.field == f"reading_{spare.registers.get().pk}"

    def test_a_final_reading_below_the_last_one_is_refused(self, release, installed):
        refused(lambda: release(K.REMOVE, removed=installed.device, last=4710), "VALUE_BELOW_LAST")

    def test_unless_the_counter_has_started_again_from_zero(self, release, installed):
        order = release(K.REMOVE, removed=installed.device, last=12, rolled=True)
        assert order.readings.get().is_rollover

    def test_a_removal_before_the_last_reading_is_refused(self, release, installed):
        refused(
            lambda: release(K.REMOVE, on=dt.date(2026, 9, 30), removed=installed.device, last=4800),
            "READ_LATER",
        )

    @pytest.mark.parametrize("kind", [K.REMOVE, K.REPLACE])
    @pytest.mark.covers("A-06")
    def test_the_final_reading_is_required(self, release, installed, spare, kind):
        new = spare if kind == K.REPLACE else None
        refused(
            lambda: release(kind, removed=installed.device, installed=new, first=0),
            "READING_MISSING",
        )

    @pytest.mark.covers("A-06")
    def test_the_initial_reading_is_required(self, release, installed, spare):
        refused(
            lambda: release(K.REPLACE, removed=installed.device, installed=spare, last=4800),
            "READING_MISSING",
        )

    def test_a_day_that_has_not_come_is_refused(self, release, spare):
        tomorrow = clock.today() + dt.timedelta(days=1)
        refused(
            lambda: release(K.INSTALL, on=tomorrow, installed=spare, first=0), "ORDER_IN_FUTURE"
        )

    def test_a_device_that_is_not_named_is_refused(self, release):
        refused(lambda: release(K.INSTALL), "DEVICE_MISSING")
        refused(lambda: release(K.REMOVE), "DEVICE_MISSING")

    def test_a_device_that_does_not_hang_here_is_not_removed(self, release, spare):
        refused(lambda: release(K.REMOVE, removed=spare, last=1), "DEVICE_NOT_INSTALLED")

    def test_a_second_change_waits_for_the_erp_s_answer_to_the_first(
        self, release, installed, spare
    ):
        release(K.REMOVE, removed=installed.device, last=4800)
        refused(lambda: release(K.INSTALL, installed=spare, first=0), "ORDER_UNDER_WAY")
