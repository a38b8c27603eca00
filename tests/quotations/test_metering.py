"""Meter data: typed where there are info records, absent where devices are installed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.choices import Rate, RateType, Unit
from premises.choices import Division
from quotations.services.configuring import configure_meter
from quotations.services.drafting import open_quotation
from quotations.services.metering import (
    ImplausibleReading,
    MeterDataNotAllowed,
    RegisterInput,
    check_reading,
    usual_registers,
)
from quotations.services.sending import send_quotation
from tenants.choices import DeviceMode
from tenants.queries import current_profile, forget_kept
from tests.factories.premises import PointOfDeliveryFactory
from tests.quotations.screen import open_draft


@pytest.fixture
def device_mode(db, tenant):
    """The tenant, as one whose meters are installed devices."""
    forget_kept()
    # The application may not write profiles; the one that this process keeps is changed instead.
    current_profile().device_mode = DeviceMode.DEVICE
    yield
    forget_kept()


@pytest.mark.usefixtures("device_mode")
def test_a_tenant_with_installed_devices_types_no_meter_data(client_for, agent, account, draft):
    quotation = open_quotation(account=account, actor=agent, pods=[PointOfDeliveryFactory()])
    assert not quotation.items.get().registers.exists()
    assert "Meter number" not in open_draft(client_for(agent), draft)
    with pytest.raises(MeterDataNotAllowed):
        configure_meter(
            quotation_id=draft.pk,
            item_uuid=draft.items.get().uuid,
            serial="1",
            rate=Rate.SINGLE,
            registers=usual_registers(Division.ELECTRICITY, Rate.SINGLE),
            actor=agent,
        )


@pytest.mark.usefixtures("device_mode")
def test_an_offer_without_meter_data_can_be_sent(draft, agent):
    assert send_quotation(quotation_id=draft.pk, actor=agent, channel="PHONE").sent_at


@given(
    digits=st.integers(min_value=1, max_value=9),
    decimals=st.integers(min_value=0, max_value=3),
    reading=st.decimals(min_value=-10, max_value=10**10, places=3),
)
def test_a_reading_is_taken_just_when_the_register_can_show_it(digits, decimals, reading):
    register = RegisterInput(
        code="001",
        rate_type=RateType.ALL_DAY,
        unit=Unit.KWH,
        digits=digits,
        decimals=decimals,
        move_in_reading=reading,
    )
    shown = f"{reading.normalize():f}"
    before, _point, after = shown.partition(".")
    fits = reading >= 0 and len(before) <= digits and len(after) <= decimals
    if fits:
        check_reading(register)
    else:
        with pytest.raises(ImplausibleReading):
            check_reading(register)


def test_a_register_without_a_reading_is_in_order():
    (register,) = usual_registers(Division.GAS, Rate.SINGLE)
    assert register.unit == Unit.M3
    check_reading(register)
    assert register.factor == Decimal(1)
