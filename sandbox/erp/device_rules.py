"""The checks on device orders: what hangs where, since when, and what the registers show."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sandbox.erp.book.store import Row
from sandbox.erp.findings import Finding, error
from sandbox.erp.office import Office
from sandbox.erp.replication import placements_of

Data = dict[str, Any]
BEGINS = frozenset({"INSTALL", "INSTALL_TECHNICALLY", "REPLACE"})
ENDS = frozenset({"REMOVE", "REPLACE"})
BILLS = frozenset({"INSTALL", "INSTALL_FOR_BILLING", "REPLACE"})


def check_order(
    office: Office, order: Data, point: Row | None, removed: Row | None, installed: Row | None
) -> list[Finding]:
    """Return the findings on a device order."""
    if office.client.info_records:
        note = "This client keeps device info records; nothing is installed"
        return [error("ORDER_NOT_SUPPORTED", "OrderTypeCode", note)]
    if point is None:
        note = "The point of delivery of the order is unknown"
        return [error("POD_MISSING", "PointOfDelivery", note)]
    kind, day = order["OrderTypeCode"], order["EffectiveDate"]
    if day > office.today().isoformat():
        return [error("ORDER_IN_FUTURE", "EffectiveDate", f"{day} has not come yet")]
    findings = [*_check_named(kind, removed, installed)]
    if findings:
        return findings
    findings += _check_later_changes(office, point, day)
    if kind in ENDS and removed:
        findings += _check_hangs(point, removed, day, "RemovedDevice")
        findings += _check_results(
            order["RemovedDevice"], removed, day, is_last=True, is_needed=True
        )
    if installed:
        check = _check_free if kind in BEGINS else _check_billable
        findings += check(point, installed, day)
        findings += _check_results(
            order["InstalledDevice"], installed, day, is_last=False, is_needed=kind in BILLS
        )
    return findings


def _check_named(kind: str, removed: Row | None, installed: Row | None) -> Iterator[Finding]:
    for name, device, is_needed in (
        ("RemovedDevice", removed, kind in ENDS),
        ("InstalledDevice", installed, kind != "REMOVE"),
    ):
        if is_needed and device is None:
            yield error("DEVICE_MISSING", name, "The device of the order is unknown")


def _check_later_changes(office: Office, point: Row, day: str) -> Iterator[Finding]:
    """Devices at a place are changed in order of time; the latest change may only be followed."""
    days = sorted(
        moment
        for place in places_at(office, point)
        for moment in (place["valid_from"], place["valid_to"])
        if moment and moment > day
    )
    if days:
        note = f"{day} lies before the device change of {days[-1]}"
        yield error("LATER_DEVICE_CHANGE", "EffectiveDate", note)


def _check_hangs(point: Row, device: Row, day: str, name: str) -> Iterator[Finding]:
    if device["pod_id"] != point["id"] or device["valid_to"]:
        note = f"Device {device['id']} does not hang at {point['external_id']}"
        yield error("DEVICE_NOT_INSTALLED", name, note)
    elif device["valid_from"] >= day:
        note = f"Device {device['id']} hangs there since {device['valid_from']} only"
        yield error("LATER_DEVICE_CHANGE", "EffectiveDate", note)


def _check_free(point: Row, device: Row, day: str) -> Iterator[Finding]:
    for place in placements_of(device):
        if not place["valid_to"] or place["valid_to"] > day:
            until = f"until {place['valid_to']}" if place["valid_to"] else "now"
            note = f"Device {device['id']} hangs at point of delivery {place['pod_id']} {until}"
            yield error("DEVICE_ELSEWHERE", "InstalledDevice", note)
            break
    if device["division"] != point["division"]:
        note = f"Device {device['id']} is for {device['division']}"
        yield error("DIVISION_MISMATCH", "InstalledDevice", note)
    if (device["certified_until"] or "9999") < day:
        note = f"Device {device['id']} is certified until {device['certified_until']}"
        yield error("CERTIFICATE_EXPIRED", "InstalledDevice", note)


def _check_billable(point: Row, device: Row, day: str) -> Iterator[Finding]:
    hangs = device["pod_id"] == point["id"] and not device["valid_to"]
    if not hangs or device["valid_from"] > day:
        note = f"Device {device['id']} is not installed technically on {day}"
        yield error("NOT_INSTALLED_TECHNICALLY", "InstalledDevice", note)
    elif device["billing_from"]:
        note = f"Device {device['id']} is billed since {device['billing_from']}"
        yield error("BILLED_ALREADY", "InstalledDevice", note)


def _check_results(
    ordered: Data, device: Row, day: str, *, is_last: bool, is_needed: bool
) -> Iterator[Finding]:
    results = {result["RegisterID"]: result for result in ordered.get("Result", [])}
    for register in device["registers"] or []:
        result = results.pop(register["RegisterID"], None)
        field = f"Result[{register['RegisterID']}].Value"
        if result is None:
            if is_needed:
                note = f"The reading of register {register['RegisterID']} is missing"
                yield error("READING_MISSING", field, note)
            continue
        last = register.get("Reading")
        if is_last and last and last["Date"] > day:
            note = f"Register {register['RegisterID']} was read on {last['Date']}"
            yield error("READ_LATER", "EffectiveDate", note)
        yield from _check_value(register, result, field, is_last=is_last)
    for code in results:
        note = f"Device {device['id']} has no register {code}"
        yield error("REGISTER_UNKNOWN", "RegisterID", note)


def _check_value(register: Data, result: Data, field: str, *, is_last: bool) -> Iterator[Finding]:
    value = result["Value"]
    if len(value.partition(".")[0].lstrip("0")) > int(register["Digits"]):
        note = f"Reading {value} has more than {register['Digits']} digits"
        yield error("READING_TOO_LONG", field, note)
        return
    last = register.get("Reading")
    rolled = result["RolloverIndicator"] in {"true", "1"}
    if is_last and last and Decimal(value) < Decimal(last["Value"]) and not rolled:
        note = f"{value} is lower than {last['Value']} of {last['Date']}"
        yield error("VALUE_BELOW_LAST", field, note)


def places_at(office: Office, point: Row) -> list[Row]:
    """Return where devices hung and hang at a point of delivery."""
    devices = office.store.all(
        "SELECT * FROM device WHERE pod_id = ? OR former LIKE ?", point["id"], f"%{point['id']}%"
    )
    return [
        place
        for device in devices
        for place in placements_of(device)
        if place["pod_id"] == point["id"]
    ]
