"""A tenant whose meters are installed devices, and a place with one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from access.choices import SegmentCode
from devices.models import DeviceInstallation, DeviceOrder
from devices.services.ordering.drafting import draft_order
from devices.services.ordering.releasing import release_order
from devices.services.ordering.rules import Change, OrderedReading
from tenants.choices import DeviceMode
from tenants.queries import current_profile, forget_kept
from tests.factories.devices import (
    DeviceInstallationFactory,
    MeterReadingFactory,
    device_with_registers,
)
from tests.factories.premises import PointOfDeliveryFactory

SINCE = dt.date(2026, 1, 1)
CHANGE = dt.date(2026, 10, 9)


@pytest.fixture
def device_mode(db, tenant) -> Iterator[None]:
    """The tenant, as one whose meters are installed devices."""
    forget_kept()
    # The application may not write profiles; the one that this process keeps is changed instead.
    current_profile().device_mode = DeviceMode.DEVICE
    yield
    forget_kept()


@pytest.fixture
def pod(device_mode):
    """A household's point of delivery that the ERP knows."""
    return PointOfDeliveryFactory(
        erp_number="0000000000000000009999", premise__segment=SegmentCode.RESIDENTIAL
    )


@pytest.fixture
def installed(pod) -> DeviceInstallation:
    """A device since the beginning of the year, read on 1 October at 4711."""
    device = device_with_registers(serial_number="270001")
    MeterReadingFactory(register=device.registers.get(), read_on=dt.date(2026, 10, 1), value=4711)
    return DeviceInstallationFactory(device=device, pod=pod, technical_from=SINCE)


@pytest.fixture
def spare(device_mode):
    """A device in stock."""
    return device_with_registers(serial_number="270002")


@pytest.fixture
def order_of(pod, agent):
    """Begin an order of a kind."""

    def begin(kind: str) -> DeviceOrder:
        return draft_order(kind=kind, pod=pod, actor=agent)

    return begin


@pytest.fixture
def release(order_of, pod, agent):
    """Release an order of a kind with what it needs."""

    def run(kind, *, on=CHANGE, removed=None, installed=None, last=None, first=None, rolled=False):
        counts = {}
        if removed and last is not None:
            counts[removed.registers.get().pk] = OrderedReading(Decimal(last), rolled)
        if installed and first is not None:
            counts[installed.registers.get().pk] = OrderedReading(Decimal(first))
        return release_order(
            order=order_of(kind),
            change=Change(
                kind=kind,
                pod=pod,
                effective_on=on,
                removed=removed,
                installed=installed,
                readings=counts,
            ),
            version=None,
            actor=agent,
        )

    return run


@pytest.fixture
def browser(client_for, agent):
    """The agent's browser."""
    return client_for(agent)
