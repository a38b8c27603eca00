"""Readings of meters."""

from decimal import Decimal
from typing import Any

from sandbox.erp.book.store import Row
from sandbox.erp.findings import Finding, error, failed, information
from sandbox.erp.handlers.outcome import Data, Outcome
from sandbox.erp.office import Office


def create_meter_reading(office: Office, document: Data) -> Outcome:
    """Take up what the registers of a meter showed on a day, all of them or none."""
    outcome = Outcome("METER_READING_DOCUMENT", document["ExternalReference"])
    point = office.find("point_of_delivery", document["PointOfDelivery"])
    if point is None:
        note = "The point of delivery of the reading is unknown"
        outcome.findings = [error("POD_MISSING", "PointOfDelivery", note)]
        return outcome
    meter = office.store.one(
        "SELECT * FROM device WHERE pod_id = ? AND serial = ? AND valid_from <= ?"
        " AND coalesce(valid_to, '9999') > ? ORDER BY valid_from DESC",
        point["id"],
        document["SerialNumber"],
        document["ReadingDate"],
        document["ReadingDate"],
    )
    if meter is None:
        note = f"Meter {document['SerialNumber']} does not stand there on that day"
        outcome.findings = [error("DEVICE_UNKNOWN", "SerialNumber", note)]
        return outcome
    outcome.findings = _check_day(office, document, point)
    by_code = {register["RegisterID"]: register for register in meter["registers"] or []}
    for result in document["Result"]:
        outcome.findings += _check_result(document, result, by_code.get(result["RegisterID"]))
    if failed(outcome.findings):
        return outcome
    for result in document["Result"]:
        take_up(by_code[result["RegisterID"]], document, result)
    office.store.update("device", meter["id"], registers=meter["registers"])
    outcome.keys["InternalID"] = office.store.next_number("meter_reading")
    outcome.effect = "created"
    return outcome


def _check_day(office: Office, document: Data, point: Row) -> list[Finding]:
    day = document["ReadingDate"]
    if day > office.today().isoformat():
        return [error("READ_IN_FUTURE", "ReadingDate", f"{day} has not come yet")]
    billed = office.store.one(
        "SELECT id, max(billed_until) AS until FROM contract WHERE pod_id = ?", point["id"]
    )
    if billed and (billed["until"] or "") > day:
        note = f"Contract {billed['id']} is billed until {billed['until']}"
        return [error("READ_DATE_BILLED", "ReadingDate", note)]
    return []


def _check_result(document: Data, result: Data, register: Any) -> list[Finding]:
    code = result["RegisterID"]
    field_name = f"Result[{code}].Value"
    if register is None:
        note = f"Meter {document['SerialNumber']} has no register {code}"
        return [error("REGISTER_UNKNOWN", "RegisterID", note)]
    if len(result["Value"].partition(".")[0].lstrip("0")) > int(register["Digits"]):
        note = f"Reading {result['Value']} has more than {register['Digits']} digits"
        return [error("READING_TOO_LONG", field_name, note)]
    last = register.get("Reading")
    if not last or last["Date"] > document["ReadingDate"]:
        return []
    explained = _is_true(result["RolloverIndicator"]) or document.get("NewSerialNumber")
    if Decimal(result["Value"]) < Decimal(last["Value"]) and not explained:
        note = f"{result['Value']} is lower than {last['Value']} of {last['Date']}"
        return [error("VALUE_BELOW_LAST", field_name, note)]
    if _is_true(result["ToBeCheckedIndicator"]):
        return [information("READING_TO_CHECK", field_name, "A clerk looks at the reading")]
    return []


def take_up(register: Data, document: Data, result: Data) -> None:
    """Write what a register showed on a day, unless a later day is known already."""
    last = register.get("Reading")
    if document.get("NewSerialNumber") or (last and last["Date"] > document["ReadingDate"]):
        return
    if last and (last["Date"], last.get("ReasonCode")) == (
        document["ReadingDate"],
        document["ReasonCode"],
    ):
        register["Reading"] = {**last, "Value": result["Value"]}
        return
    if last and "FormerReading" in register:
        register["FormerReading"] = [*(register["FormerReading"] or []), last]
    register["Reading"] = {
        "Date": document["ReadingDate"],
        "Value": result["Value"],
        "ReasonCode": document["ReasonCode"],
    }


def _is_true(text: str) -> bool:
    return text in {"true", "1"}
