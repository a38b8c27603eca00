"""The meter section of an offer where meters are installed devices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from billing_sync.gateway.mapping.contract import utilities_contract
from billing_sync.services.start_readings import report_start_readings
from contracts.services.assembling import assemble_from_quotation
from devices.choices import Rate, RateType
from devices.models import ReadingReport
from events.models import Event
from quotations.services.answering import accept_quotation
from quotations.services.configuring import set_start_readings
from quotations.services.drafting import open_quotation
from quotations.services.installed import NothingInstalled, adopt_installed_device
from quotations.services.metering import ImplausibleReading
from tenants.choices import DeviceMode
from tenants.queries import current_profile, forget_kept
from tests.factories.devices import (
    DeviceInstallationFactory,
    MeterReadingFactory,
    device_with_registers,
)
from tests.factories.premises import PointOfDeliveryFactory
from tests.factories.quotations import QuotationItemFactory, SentQuotationFactory
from tests.quotations.screen import open_draft
from utilcrm import clock


@pytest.fixture(autouse=True)
def device_mode(db, tenant):
    """The tenant, as one whose meters are installed devices."""
    forget_kept()
    current_profile().device_mode = DeviceMode.DEVICE
    yield
    forget_kept()


@pytest.fixture
def installed(db):
    """A double-rate device, read on the first of the year."""
    device = device_with_registers(
        RateType.DAY, RateType.NIGHT, rate=Rate.DOUBLE, serial_number="270815"
    )
    MeterReadingFactory(
        register=device.registers.get(code="001"), read_on=dt.date(2026, 1, 1), value=4711
    )
    return DeviceInstallationFactory(device=device)


@pytest.fixture
def offer(installed, account, agent):
    """A draft for the point of delivery of the installed device."""
    return open_quotation(account=account, actor=agent, pods=[installed.pod])


@pytest.mark.covers("A-03")
def test_an_offer_takes_rate_and_registers_from_the_installed_device(offer):
    item = offer.items.get()

    assert item.rate == Rate.DOUBLE
    assert item.meter_serial == ""
    assert [one.rate_type for one in item.registers.order_by("code")] == ["DAY", "NIGHT"]


def test_the_screen_shows_the_device_and_asks_for_nothing_technical(offer, client_for, agent):
    page = open_draft(client_for(agent), offer)

    assert "270815" in page
    assert "4711" in page.replace(",", "")
    assert "r001_reading" in page
    assert "meter_serial" not in page
    assert "r001_digits" not in page


def test_an_offer_can_be_made_where_nothing_is_installed_yet(client_for, account, agent):
    draft = open_quotation(account=account, actor=agent, pods=[PointOfDeliveryFactory()])

    assert "No meter is installed here yet" in open_draft(client_for(agent), draft)
    with pytest.raises(NothingInstalled):
        set_start_readings(
            quotation_id=draft.pk,
            item_uuid=draft.items.get().uuid,
            readings={"001": Decimal(1)},
            actor=agent,
        )


def test_readings_at_the_start_are_optional_and_saved_by_themselves(offer, client_for, agent):
    item = offer.items.get()
    address = f"/quotations/{offer.uuid}/start/{item.uuid}/"

    answer = client_for(agent).post(address, {"r001_reading": "4712", "r002_reading": ""})

    assert answer.status_code == 200
    readings = item.registers.order_by("code").values_list("move_in_reading", flat=True)
    assert list(readings) == [Decimal(4712), None]


def test_a_reading_with_too_many_digits_is_refused_and_kept(offer, client_for, agent):
    item = offer.items.get()
    address = f"/quotations/{offer.uuid}/start/{item.uuid}/"

    answer = client_for(agent).post(address, {"r001_reading": "123456", "r002_reading": ""})

    assert answer.status_code == 422
    offer.refresh_from_db()
    assert f"start-{item.uuid}" in offer.pending_input
    with pytest.raises(ImplausibleReading):
        set_start_readings(
            quotation_id=offer.pk,
            item_uuid=item.uuid,
            readings={"001": Decimal(123456)},
            actor=agent,
        )


def test_the_readings_follow_a_device_that_was_replaced_meanwhile(offer, installed, agent):
    installed.end(dt.date(2026, 6, 1))
    new = device_with_registers(digits=7)
    DeviceInstallationFactory(
        device=new,
        pod=installed.pod,
        logical_number=installed.logical_number,
        technical_from=dt.date(2026, 6, 1),
    )

    item = set_start_readings(
        quotation_id=offer.pk,
        item_uuid=offer.items.get().uuid,
        readings={"001": Decimal(12)},
        actor=agent,
    )

    item.refresh_from_db()
    assert item.rate == Rate.SINGLE
    assert item.registers.get().digits == 7


@pytest.mark.covers("C-17")
def test_nothing_technical_goes_up_with_the_contract(installed, account, agent):
    quotation = SentQuotationFactory(account=account, created_by=agent)
    item = QuotationItemFactory(quotation=quotation, pod=installed.pod, meter_serial="")
    adopt_installed_device(item, {"001": Decimal(4712)})
    with transaction.atomic():
        accept_quotation(quotation_id=quotation.pk, actor=agent)
        contract = assemble_from_quotation(quotation=quotation, actor=agent)[0]

    message = utilities_contract(contract.items.get())

    assert message["PointOfDelivery"]["ExternalReference"] == str(installed.pod.uuid)
    assert "Device" not in message
    assert "4712" not in str(message)


@pytest.mark.covers("C-17")
@pytest.mark.parametrize("value", [6500, 4700])
def test_a_reading_at_the_start_goes_up_once_the_contract_is_on_unless_it_is_odd(
    value, installed, account, agent
):
    quotation = SentQuotationFactory(account=account, created_by=agent)
    item = QuotationItemFactory(
        quotation=quotation, pod=installed.pod, meter_serial="", start_date=clock.today()
    )
    adopt_installed_device(item, {"001": Decimal(value), "002": None})
    with transaction.atomic():
        accept_quotation(quotation_id=quotation.pk, actor=agent)
        contract = assemble_from_quotation(quotation=quotation, actor=agent)[0]
        report_start_readings(contract.items.get().uuid)

    reports = list(ReadingReport.objects.values_list("serial_number", "reason", "values__value"))
    left = Event.objects.filter(name="billing_sync.start_reading.left").exists()
    assert reports == ([] if left else [("270815", "MOVE_IN", Decimal(6500))])
    assert left == (value < 4711)
