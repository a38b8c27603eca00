"""Device orders: what the ERP carries out, and what it refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.sandbox.messages import Answer, Crm, header, new_uuid

TODAY = dt.datetime.now(dt.UTC).date()
ORDER = "DeviceOrderERPCreateRequest"


class Book:
    """Devices of the Spanish client: one that hangs, and one in stock."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        devices = self.devices()
        self.hanging = next(
            one
            for one in devices
            if one.RateCode == "SINGLE"
            and one.DivisionCode == "ELECTRICITY"
            and len(one.Placement) == 1
            and one.Placement[0].TechnicalTo is None
        )
        self.spare = next(
            one
            for one in devices
            if one.RateCode == "SINGLE" and one.DivisionCode == "ELECTRICITY" and not one.Placement
        )
        self.place = self.hanging.Placement[0]
        self.last = int(self.hanging.Register[0].Reading.Value)

    def devices(self) -> list[Any]:
        page = self.crm.call(
            "ReplicationObjectERPByKeyQuery",
            at="ribera",
            ObjectTypeCode="DEVICE",
            MaximumNumber=2000,
        )
        return list(page.Device)

    def device(self, number: str) -> Any:
        return next(one for one in self.devices() if one.DeviceID == number)

    def order(self, kind: str, *, day: dt.date = TODAY, at: str = "ribera", **devices: Any) -> Any:
        uuid = new_uuid()
        content = {
            "ExternalReference": new_uuid(),
            "OrderTypeCode": kind,
            "PointOfDelivery": {"InternalID": self.place.PointOfDeliveryID},
            "EffectiveDate": day,
            **devices,
        }
        self.crm.call(ORDER, at=at, MessageHeader=header(uuid), DeviceOrder=content)
        return self.crm.answers_to(uuid)[0]

    def replace(self, *, last: int | None = None, first: int | None = 3, **more: Any) -> Answer:
        answer: Answer = self.order(
            "REPLACE",
            RemovedDevice=named(self.hanging, self.last + 9 if last is None else last),
            InstalledDevice=named(self.spare, first),
            **more,
        )
        return answer


def named(device: Any, value: int | None) -> dict[str, Any]:
    result = {"RegisterID": "001", "Value": value, "RolloverIndicator": False}
    return {"DeviceID": device.DeviceID, "Result": [] if value is None else [result]}


@pytest.fixture
def book(crm: Crm) -> Book:
    return Book(crm)


@pytest.mark.covers("A-06")
def test_a_replacement_ends_one_device_and_hangs_the_other_in_its_place(book: Book) -> None:
    answer = book.replace()

    confirmed = answer.content["ConfirmedObject"]
    assert answer.succeeded, answer.codes
    assert confirmed["LogicalDeviceNumber"] == book.place.LogicalDeviceNumber
    old, new = book.device(book.hanging.DeviceID), book.device(book.spare.DeviceID)
    assert old.Placement[0].TechnicalTo == old.Placement[0].BillingTo == TODAY
    assert new.Placement[0].TechnicalFrom == new.Placement[0].BillingFrom == TODAY
    assert new.Placement[0].LogicalDeviceNumber == book.place.LogicalDeviceNumber
    assert old.Register[0].Reading.ReasonCode == "REMOVAL"
    assert new.Register[0].Reading.ReasonCode == "INSTALLATION"


@pytest.mark.covers("A-05")
def test_a_day_before_a_later_device_change_is_refused(book: Book) -> None:
    assert book.replace().succeeded

    answer = book.order(
        "INSTALL",
        day=TODAY - dt.timedelta(days=1),
        InstalledDevice=named(book.hanging, 5),
    )

    assert "LATER_DEVICE_CHANGE" in answer.codes


@pytest.mark.covers("A-05")
@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda book: book.replace(last=book.last - 1), "VALUE_BELOW_LAST"),
        (lambda book: book.replace(last=10**8), "READING_TOO_LONG"),
        (lambda book: book.replace(first=None), "READING_MISSING"),
        (lambda book: book.replace(day=TODAY + dt.timedelta(days=1)), "ORDER_IN_FUTURE"),
        (
            lambda book: book.order("INSTALL", InstalledDevice=named(book.hanging, 5)),
            "DEVICE_ELSEWHERE",
        ),
        (
            lambda book: book.order("INSTALL_FOR_BILLING", InstalledDevice=named(book.spare, 5)),
            "NOT_INSTALLED_TECHNICALLY",
        ),
        (
            lambda book: book.order("INSTALL_FOR_BILLING", InstalledDevice=named(book.hanging, 5)),
            "BILLED_ALREADY",
        ),
        (
            lambda book: book.order("REMOVE", RemovedDevice=named(book.spare, 5)),
            "DEVICE_NOT_INSTALLED",
        ),
        (lambda book: book.order("REMOVE"), "DEVICE_MISSING"),
        (
            lambda book: book.order("INSTALL", at="unified", InstalledDevice=named(book.spare, 5)),
            "ORDER_NOT_SUPPORTED",
        ),
    ],
)
def test_what_cannot_be_is_refused(book: Book, ask: Any, code: str) -> None:
    answer = ask(book)

    assert not answer.succeeded
    assert code in answer.codes
    assert book.device(book.hanging.DeviceID).Placement[0].TechnicalTo is None
