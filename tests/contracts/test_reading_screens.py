"""Entering readings on the screen: context, questions, refusals."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from contracts.choices import ItemStatus
from devices.models import MeterReading, ReadingReport
from devices.services.reading_outcomes import mark_report_sent, refuse_report
from tests.factories.contracts import ContractItemFactory
from tests.factories.devices import (
    DeviceInfoRecordFactory,
    DeviceInstallationFactory,
    MeterReadingFactory,
    RegisterFactory,
    device_with_registers,
)
from utilcrm import clock

pytestmark = pytest.mark.django_db
URL = reverse("contracts:reading_new")


@pytest.fixture
def register():
    """A counter that showed 12,000 a hundred days ago, where 4,000 kWh a year are expected."""
    item = ContractItemFactory(
        starts_on=clock.today() - dt.timedelta(days=400),
        status=ItemStatus.COMPLETED,
        erp_number="6000000001",
        block_reason="",
        expected_annual_kwh=4000,
    )
    found = RegisterFactory(device_info_record=DeviceInfoRecordFactory(pod=item.pod))
    MeterReadingFactory(
        register=found, read_on=clock.today() - dt.timedelta(days=100), value=Decimal(12_000)
    )
    return found


@pytest.fixture
def png():
    """Make an uploaded picture under any name."""

    def make(name: str) -> SimpleUploadedFile:
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "white").save(out, "PNG")
        return SimpleUploadedFile(name, out.getvalue())

    return make


@pytest.fixture
def url(register):
    """The form of its point of delivery."""
    return f"{URL}?pod={register.device_info_record.pod.uuid}"


def typed(value, **more):
    return {
        "read_on": clock.today().isoformat(),
        "source": "CUSTOMER",
        "value_001": value,
        **more,
    }


@pytest.mark.covers("B-17")
@pytest.mark.parametrize("named", ["pod", "premise", "contract", "account"])
def test_the_form_opens_at_the_meter_of_the_context(client_for, agent, register, named):
    pod = register.device_info_record.pod
    contract = pod.contract_items.get().contract
    of = {"pod": pod, "premise": pod.premise, "contract": contract, "account": contract.account}

    page = client_for(agent).get(f"{URL}?{named}={of[named].uuid}")

    assert page.context["place"].meter == register.device_info_record
    assert b"12000" in page.content.replace(b",", b"")


def test_several_meters_are_offered_to_choose_from(client_for, agent, register):
    DeviceInfoRecordFactory(pod=register.device_info_record.pod, serial_number="SECOND")

    page = client_for(agent).get(f"{URL}?pod={register.device_info_record.pod.uuid}")

    assert len(page.context["places"]) == 2


def test_a_meter_of_customers_that_one_may_not_see_is_not_offered(
    client_for, corporate_manager, register
):
    premise = register.device_info_record.pod.premise
    premise.segment = "RESIDENTIAL"
    premise.save()

    page = client_for(corporate_manager).get(f"{URL}?pod={register.device_info_record.pod.uuid}")

    assert page.context["places"] == []


@pytest.mark.covers("N-10")
def test_a_lower_value_asks_back_and_keeps_what_was_typed(client_for, agent, url):
    browser = client_for(agent)
    page = browser.post(url, typed("11990"))

    assert page.status_code == 422
    text = page.content.decode()
    assert "The counter has started again from zero" in text
    assert 'value="11990"' in text
    assert not ReadingReport.objects.exists()


@pytest.mark.covers("N-10")
def test_an_odd_value_goes_through_with_a_second_reading(client_for, agent, url, register):
    browser = client_for(agent)
    asked = browser.post(url, typed("16000"))
    assert "far more than was used here before" in asked.content.decode()

    done = browser.post(url, typed("16000", odd_001="READ_AGAIN", again_001="16000"))

    report = ReadingReport.objects.get()
    assert done["Location"] == reverse("contracts:reading", args=[report.uuid])
    assert "To be checked" in browser.get(done["Location"]).content.decode()


@pytest.mark.covers("N-10")
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"odd_001": "PHOTO"}, "photo_001"),
        ({"odd_001": "READ_AGAIN"}, "again_001"),
        ({"odd_001": "READ_AGAIN", "again_001": "15900"}, "again_001"),
    ],
)
def test_an_answer_without_its_proof_is_told_at_the_field(client_for, agent, url, said, field):
    page = client_for(agent).post(url, typed("16000", **said))

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert f'id="id_{field}_error"' in page.content.decode()
    assert not ReadingReport.objects.exists()


@pytest.mark.covers("N-10")
def test_a_photo_of_the_meter_is_checked_like_every_upload(client_for, agent, url, png):
    browser = client_for(agent)
    refused = browser.post(url, typed("16000", odd_001="PHOTO", photo_001=png("meter.pdf")))
    assert refused.status_code == 422
    assert not ReadingReport.objects.exists()

    browser.post(url, typed("16000", odd_001="PHOTO", photo_001=png("meter.png")))

    value = ReadingReport.objects.get().values.get()
    assert value.photo.mime == "image/png"


def test_refused_readings_show_the_reason_and_are_corrected(client_for, agent, url, register):
    browser = client_for(agent)
    browser.post(url, typed("13100"))
    report = ReadingReport.objects.get()
    mark_report_sent(report_uuid=report.uuid)
    refuse_report(report_uuid=report.uuid, code="X", field="", text="Billed until yesterday.")
    page = browser.get(reverse("contracts:reading", args=[report.uuid]))
    assert "Billed until yesterday." in page.content.decode()

    address = reverse("contracts:reading_correct", args=[report.uuid])
    form = browser.get(address)
    done = browser.post(address, typed("13200", version=form.context["version"]))

    assert done.status_code == 302
    assert MeterReading.objects.filter(register=register, value=13_200).count() == 1
    late = browser.post(address, typed("13300", version=form.context["version"]))
    assert late.status_code == 409


def test_refused_readings_can_be_taken_back(client_for, agent, url):
    browser = client_for(agent)
    browser.post(url, typed("13100"))
    report = ReadingReport.objects.get()
    refuse_report(report_uuid=report.uuid, code="X", field="", text="No.")

    browser.post(reverse("contracts:reading_withdraw", args=[report.uuid]))

    report.refresh_from_db()
    assert report.status == "WITHDRAWN"


@pytest.mark.covers("B-17", "A-05")
def test_an_installed_device_is_read_like_any_meter(client_for, agent):
    device = device_with_registers("DAY", "NIGHT")
    hangs = DeviceInstallationFactory(device=device)
    browser = client_for(agent)
    url = f"{URL}?pod={hangs.pod.uuid}"

    done = browser.post(url, typed("1200", value_002="700"))

    report = ReadingReport.objects.get()
    assert done["Location"] == reverse("contracts:reading", args=[report.uuid])
    assert [one.value for one in report.values.order_by("register__code")] == [1200, 700]
    assert report.serial_number == device.serial_number


@pytest.mark.covers("N-10")
def test_another_meter_needs_its_number_and_says_so_at_the_field(client_for, agent, url):
    page = client_for(agent).post(url, typed("3", lower_001="NEW_METER"))

    assert list(page.context["form"].errors) == ["new_serial_number"]
    assert not ReadingReport.objects.exists()


@pytest.mark.covers("N-10")
def test_a_corrected_value_forgets_the_answer_to_the_wrong_one(client_for, agent, url):
    client_for(agent).post(url, typed("13000", lower_001="ROLLOVER"))

    value = ReadingReport.objects.get().values.get()
    assert (value.answer, value.reading.status) == ("", "PLAUSIBLE")
