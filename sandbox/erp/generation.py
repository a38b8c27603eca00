"""Master-data generation: the steps that follow when a contract is accepted, in IS-U's order."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.erp.book.store import Row
from sandbox.erp.clients import Client
from sandbox.erp.findings import Finding, abort
from sandbox.erp.office import Office


def steps_of(client: Client) -> tuple[str, ...]:
    """Return the codes of a client's steps."""
    meter = ("DEVICE_INFO_RECORD",) if client.info_records else ()
    return ("PRICES", "INSTALLATION", "LOAD_PROFILE", "OPERANDS", *meter, "MOVE_IN", "CONTRACT")


def done_codes(contract: Row) -> set[str]:
    """Return the steps of a contract that succeeded."""
    return {step["StepCode"] for step in contract["steps"] if step["StepStatusCode"] == "SUCCEEDED"}


def run_next_step(office: Office, contract: Row) -> tuple[dict[str, Any], list[Finding]]:
    """Do the next step of a contract in process. Return the step and its findings.

    The row is brought up to date in the book, in the caller's transaction.
    """
    codes = steps_of(office.client)
    done = done_codes(contract)
    code = next(code for code in codes if code not in done)
    findings: list[Finding] = []
    if office.faults.fires("step_failure", operation=code, client=office.client.code):
        note = f"Step {code} broke off: update task was terminated"
        findings.append(abort("STEP_FAILED", code, note))
        changes: Row = {"overall": "FAILED"}
        text = note
    else:
        text, changes = WORK[code](office, contract)
        if code == codes[-1]:
            changes |= {"overall": "COMPLETED", "status": "ACTIVE"}
    sequence = (contract["sequence"] or 0) + 1
    step = {
        "SequenceNumber": sequence,
        "StepCode": code,
        "StepPosition": codes.index(code) + 1,
        "StepCount": len(codes),
        "StepStatusCode": "FAILED" if findings else "SUCCEEDED",
        "At": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "Note": text,
    }
    office.store.update(
        "contract",
        contract["id"],
        steps=[*contract["steps"], step],
        sequence=sequence,
        **changes,
    )
    return step, findings


def _prices(_office: Office, contract: Row) -> tuple[str, Row]:
    return f"{len(contract['request'].get('Price', []))} individual prices stored", {}


def _installation(office: Office, contract: Row) -> tuple[str, Row]:
    number = _known_installation(office, contract)
    done = "changed" if number else "created"
    if number is None:
        number = office.store.next_number("installation")
        if not office.client.info_records:
            office.store.insert(
                "installation",
                id=number,
                pod_id=contract["pod_id"],
                role=contract["role"],
                rate_category=contract["template"].removeprefix("MDT-")[:10],
                valid_from=contract["start_date"],
                origin="CRM",
            )
    template = contract["template"]
    return f"Installation {number} {done} by template {template}", {"installation_id": number}


def _known_installation(office: Office, contract: Row) -> str | None:
    """Return the installation for the role at the point of delivery, with a contract or without."""
    found = office.store.one(
        "SELECT installation_id AS id FROM contract WHERE pod_id = ? AND role = ?"
        " AND installation_id IS NOT NULL ORDER BY id DESC",
        contract["pod_id"],
        contract["role"],
    ) or office.store.one(
        "SELECT id FROM installation WHERE pod_id = ? AND role = ? ORDER BY id DESC",
        contract["pod_id"],
        contract["role"],
    )
    return found["id"] if found else None


def _load_profile(_office: Office, contract: Row) -> tuple[str, Row]:
    profile = contract["request"].get("LoadProfileCode") or "standard profile"
    return f"Load profile {profile} allocated", {}


def _operands(_office: Office, _contract: Row) -> tuple[str, Row]:
    return "Prices written to operands", {}


def _device_info_record(office: Office, contract: Row) -> tuple[str, Row]:
    """Make the info record of the typed meter, or find it when it is there already."""
    typed = contract["request"].get("Device")
    start = contract["start_date"]
    present = office.store.one(
        "SELECT * FROM device WHERE pod_id = ? AND (valid_to IS NULL OR valid_to > ?)"
        " ORDER BY id DESC",
        contract["pod_id"],
        start,
    )
    if typed is None:
        found = present["id"] if present else None
        return "Meter of the supply contract used", {"device_id": found}
    if present and present["serial"] == typed["SerialNumber"]:
        office.store.update("device", present["id"], registers=typed.get("Register", []))
        note = f"Device info record {present['id']} changed, meter {present['serial']}"
        return note, {"device_id": present["id"]}
    if present:
        office.store.update("device", present["id"], valid_to=max(start, present["valid_from"]))
    number = office.store.next_number("device_info_record")
    office.store.insert(
        "device",
        id=number,
        pod_id=contract["pod_id"],
        installation_id=contract["installation_id"],
        serial=typed["SerialNumber"],
        rate=typed["RateCode"],
        valid_from=start,
        registers=typed.get("Register", []),
        origin="CRM",
    )
    note = f"Device info record {number} created, meter {typed['SerialNumber']}"
    return note, {"device_id": number}


def _move_in(office: Office, contract: Row) -> tuple[str, Row]:
    number = office.store.next_number("move_in")
    partner = office.store.one(
        "SELECT segment FROM business_partner WHERE id = ?", contract["bp_id"]
    )
    if partner:
        office.store.update("premise", contract["premise_id"], segment=partner["segment"])
    return f"Move-in document {number} posted for {contract['start_date']}", {"move_in_id": number}


def _contract(_office: Office, contract: Row) -> tuple[str, Row]:
    return f"Contract {contract['id']} active from {contract['start_date']}", {}


WORK: dict[str, Callable[[Office, Row], tuple[str, Row]]] = {
    "PRICES": _prices,
    "INSTALLATION": _installation,
    "LOAD_PROFILE": _load_profile,
    "OPERANDS": _operands,
    "DEVICE_INFO_RECORD": _device_info_record,
    "MOVE_IN": _move_in,
    "CONTRACT": _contract,
}


def confirmed_contract(client: Client, contract: Row) -> dict[str, Any]:
    """Return the `ConfirmedObject` of a contract with the ids that exist so far."""
    return {
        "ObjectTypeCode": "CONTRACT",
        "ExternalReference": contract["external_reference"],
        "InternalID": contract["id"],
        "PremiseID": contract["premise_id"],
        "InstallationID": contract["installation_id"],
        "DeviceInfoRecordID": contract["device_id"] if client.info_records else None,
        "MoveInDocumentID": contract["move_in_id"],
    }
