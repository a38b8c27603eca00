"""Device orders: devices are hung, billed, taken away and replaced."""

from typing import Any

from sandbox.erp.book.store import Row
from sandbox.erp.device_rules import BEGINS, BILLS, ENDS, check_order
from sandbox.erp.findings import failed
from sandbox.erp.handlers.outcome import Data, Outcome
from sandbox.erp.office import Office
from sandbox.erp.replication import PLACE


def create_device_order(office: Office, order: Data) -> Outcome:
    """Carry out a device order, whole or not at all."""
    reference = order["ExternalReference"]
    outcome = Outcome("DEVICE_ORDER", reference)
    if known := office.existing("device_order", reference):
        outcome.exists_already(known)
        outcome.keys["LogicalDeviceNumber"] = known["logical_number"]
        return outcome
    point = office.find("point_of_delivery", order["PointOfDelivery"])
    removed, installed = (_device(office, order, name) for name in _NAMES)
    outcome.findings = check_order(office, order, point, removed, installed)
    if failed(outcome.findings) or point is None:
        return outcome
    kind, day = order["OrderTypeCode"], order["EffectiveDate"]
    place = _place(office, point, removed)
    if kind in ENDS and removed:
        _take_away(office, removed, day, order["RemovedDevice"])
    if installed and kind in BEGINS:
        was_billed = removed is None or bool(removed["billing_from"])
        place["billing_from"] = day if kind in BILLS and was_billed else None
        _hang(office, installed, day, place, order["InstalledDevice"])
    elif installed:
        place["logical_number"] = installed["logical_number"]
        registers = _read(installed, day, order["InstalledDevice"], "INTERIM")
        office.store.update("device", installed["id"], billing_from=day, registers=registers)
    number = office.store.next_number("device_order")
    office.store.insert(
        "device_order",
        id=number,
        external_reference=reference,
        kind=kind,
        pod_id=point["id"],
        effective_date=day,
        removed_device_id=removed["id"] if removed else None,
        installed_device_id=installed["id"] if installed else None,
        logical_number=place["logical_number"],
        origin="CRM",
    )
    outcome.keys |= {
        "InternalID": number,
        "PremiseID": point["premise_id"],
        "InstallationID": place["installation_id"],
        "LogicalDeviceNumber": place["logical_number"],
    }
    outcome.effect = "created"
    return outcome


_NAMES = ("RemovedDevice", "InstalledDevice")


def _device(office: Office, order: Data, name: str) -> Row | None:
    ordered = order.get(name)
    return office.find("device", {"InternalID": ordered["DeviceID"]}) if ordered else None


def _place(office: Office, point: Row, removed: Row | None) -> Row:
    """Return the place of the new device; it takes over the logical number of the old one."""
    if removed:
        return {name: removed[name] for name in ("pod_id", "installation_id", "logical_number")}
    supply = office.store.one(
        "SELECT id FROM installation WHERE pod_id = ? AND role = 'SUPPLY' ORDER BY id DESC",
        point["id"],
    )
    return {
        "pod_id": point["id"],
        "installation_id": supply["id"] if supply else None,
        "logical_number": office.store.next_number("logical_device"),
    }


def _take_away(office: Office, device: Row, day: str, ordered: Data) -> None:
    billed = bool(device["billing_from"]) and device["billing_from"] < day
    office.store.update(
        "device",
        device["id"],
        valid_to=day,
        billing_from=device["billing_from"] if billed else None,
        billing_to=day if billed else None,
        registers=_read(device, day, ordered, "REMOVAL"),
    )


def _hang(office: Office, device: Row, day: str, place: Row, ordered: Data) -> None:
    former = list(device["former"] or [])
    if device["pod_id"]:
        former.append({name: device[name] for name in PLACE})
    office.store.update(
        "device",
        device["id"],
        **place,
        valid_from=day,
        valid_to=None,
        billing_to=None,
        former=former,
        registers=_read(device, day, ordered, "INSTALLATION"),
    )
    if place["installation_id"]:
        office.store.execute(
            "UPDATE contract SET device_id = ? WHERE pod_id = ? AND end_date IS NULL",
            device["id"],
            place["pod_id"],
        )


def _read(device: Row, day: str, ordered: Data, reason: str) -> list[dict[str, Any]]:
    """Return the registers with what they showed; the reading before becomes a former one."""
    values = {result["RegisterID"]: result["Value"] for result in ordered.get("Result", [])}
    registers = []
    for one in device["registers"] or []:
        register = dict(one)
        if value := values.get(register["RegisterID"]):
            former = [*(register.get("FormerReading") or [])]
            if register.get("Reading"):
                former.append(register["Reading"])
            register["Reading"] = {"Date": day, "Value": value, "ReasonCode": reason}
            register["FormerReading"] = former
        registers.append(register)
    return registers
