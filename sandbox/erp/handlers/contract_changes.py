"""Changes of contracts: ends, undone ends, terms."""

from datetime import date, timedelta

from sandbox.erp.book.store import Row
from sandbox.erp.clients import TEMPLATES
from sandbox.erp.findings import Finding, abort, error, failed
from sandbox.erp.handlers.outcome import Data, Outcome
from sandbox.erp.handlers.readings import take_up
from sandbox.erp.office import Office

UNDO_DAYS = 30
OPERATION = "UtilitiesContractERPChangeRequest"


def change_contract(office: Office, change: Data) -> Outcome:
    """Change a contract; what is so already is confirmed once more."""
    outcome = Outcome("CONTRACT", change["ExternalReference"])
    contract = _find(office, change)
    if contract is None:
        note = "The contract to be changed is unknown"
        outcome.findings = [error("CONTRACT_UNKNOWN", "UtilitiesContract", note)]
        return outcome
    outcome.keys["InternalID"] = contract["id"]
    outcome.findings = _locks(office, contract)
    columns = _columns(office, contract, change)
    changed = {name: value for name, value in columns.items() if contract[name] != value}
    if not failed(outcome.findings) and set(changed) - {"request", "external_reference"}:
        outcome.findings += _check(office, contract, change)
    if failed(outcome.findings):
        return outcome
    if changed:
        office.store.update("contract", contract["id"], **changed)
        outcome.effect = "changed"
        _read_registers(office, contract, change)
        _vacate(office, contract, columns)
    return outcome


def _find(office: Office, change: Data) -> Row | None:
    key = {"InternalID": change.get("UtilitiesContractID")} | change
    return office.find("contract", key)


def _locks(office: Office, contract: Row) -> list[Finding]:
    partner = office.find("business_partner", {"InternalID": contract["bp_id"]})
    findings = office.lock_on(partner, OPERATION)
    if office.faults.fires("lock_contract", operation=OPERATION, client=office.client.code):
        note = f"Contract {contract['id']} is locked by a clerk"
        findings.append(error("CONTRACT_LOCKED", "UtilitiesContract", note))
    if contract["overall"] == "IN_PROCESS":
        note = f"Contract {contract['id']} is still being set up"
        findings.append(abort("CONTRACT_LOCKED", "UtilitiesContract", note))
    return findings


def _columns(office: Office, contract: Row, change: Data) -> Row:
    end: str | None = change.get("EndDate")
    request = dict(contract["request"] or {})
    if "MoveOut" in change:
        request["MoveOut"] = change["MoveOut"]
    if "Price" in change:
        request["Price"] = change["Price"]
    columns: Row = {
        "external_reference": change["ExternalReference"],
        "end_date": end,
        "request": request,
    }
    if contract["status"] in {"ACTIVE", "ENDED"}:
        is_over = end is not None and end <= office.today().isoformat()
        columns["status"] = "ENDED" if is_over else "ACTIVE"
    for column, name in (
        ("product", "ProductCode"),
        ("template", "MasterDataTemplateCode"),
        ("term_months", "TermMonths"),
    ):
        if name in change:
            columns[column] = change[name]
    account = office.find("contract_account", change.get("ContractAccount", ""))
    if account:
        columns["ca_id"] = account["id"]
    return columns


def _check(office: Office, contract: Row, change: Data) -> list[Finding]:
    return [
        *_check_end(office, contract, change),
        *_check_follower(office, contract, change.get("EndDate")),
        *_check_terms(office, contract, change),
    ]


def _check_end(office: Office, contract: Row, change: Data) -> list[Finding]:
    end, before = change.get("EndDate"), contract["end_date"]
    if end == before:
        return []
    if change["ChangeReasonCode"] == "UNDO":
        return _check_undo(office, contract)
    if contract["status"] == "ENDED":
        note = f"Contract {contract['id']} ended on {before}"
        return [error("CONTRACT_ENDED", "EndDate", note)]
    if end and end < contract["start_date"]:
        note = f"Contract {contract['id']} begins on {contract['start_date']}"
        return [error("END_BEFORE_START", "EndDate", note)]
    if end and end < (contract["billed_until"] or ""):
        note = f"Contract {contract['id']} is billed until {contract['billed_until']}"
        return [error("END_BILLED", "EndDate", note)]
    return []


def _check_undo(office: Office, contract: Row) -> list[Finding]:
    before = contract["end_date"]
    if before is None:
        return []
    oldest = office.today() - timedelta(days=UNDO_DAYS)
    if date.fromisoformat(before) < oldest:
        note = f"Contract {contract['id']} ended on {before}, more than {UNDO_DAYS} days ago"
        return [error("UNDO_TOO_LATE", "EndDate", note)]
    if (contract["billed_until"] or "") >= before > contract["start_date"]:
        note = f"The final bill of contract {contract['id']} is made"
        return [error("UNDO_TOO_LATE", "EndDate", note)]
    return []


def _check_follower(office: Office, contract: Row, end: str | None) -> list[Finding]:
    """Return the finding that another contract has the point of delivery before the new end."""
    other = office.store.one(
        "SELECT id, start_date FROM contract WHERE pod_id = ? AND role = ? AND id <> ?"
        " AND start_date < ? AND coalesce(end_date, '9999') > ?"
        " AND coalesce(end_date, '9999') > start_date ORDER BY start_date",
        contract["pod_id"],
        contract["role"],
        contract["id"],
        end or "9999",
        contract["start_date"],
    )
    if other is None:
        return []
    note = f"Contract {other['id']} has the point of delivery from {other['start_date']}"
    return [error("POD_OCCUPIED", "PointOfDelivery", note)]


def _check_terms(office: Office, contract: Row, change: Data) -> list[Finding]:
    findings = _check_billed_terms(contract, change)
    if "ContractAccount" in change:
        account = office.find("contract_account", change["ContractAccount"])
        if account is None:
            findings.append(error("CA_MISSING", "ContractAccount", "Contract account unknown"))
        elif account["bp_id"] != contract["bp_id"]:
            note = f"Contract account {account['id']} belongs to partner {account['bp_id']}"
            findings.append(error("CA_WRONG_PARTNER", "ContractAccount", note))
    template = change.get("MasterDataTemplateCode")
    if "ProductCode" in change and not template:
        note = f"Product {change['ProductCode']} has no master-data template"
        findings.append(error("MDT_MISSING", "MasterDataTemplateCode", note))
    elif template and template not in TEMPLATES:
        note = f"Master-data template {template} does not exist"
        findings.append(error("MDT_UNKNOWN", "MasterDataTemplateCode", note))
    return findings


def _check_billed_terms(contract: Row, change: Data) -> list[Finding]:
    """Return the finding of terms that would hold for days that are billed already."""
    if not {"Price", "ProductCode", "TermMonths"} & set(change):
        return []
    until = contract["billed_until"] or ""
    if until <= change["EffectiveDate"]:
        return []
    note = f"Contract {contract['id']} is billed until {until}"
    code = "UNDO_TOO_LATE" if change["ChangeReasonCode"] == "UNDO" else "END_BILLED"
    return [error(code, "EffectiveDate", note)]


def _read_registers(office: Office, contract: Row, change: Data) -> None:
    """Take up the final readings with the meter; a clerk looks at odd ones before the bill."""
    final = change.get("MoveOut") or {}
    read = {one["RegisterID"]: one for one in final.get("RegisterReading", [])}
    if not read:
        return
    day = final.get("ReadingDate") or change["EffectiveDate"]
    meters = office.store.all(
        "SELECT * FROM device WHERE pod_id = ? AND valid_from <= ?"
        " AND coalesce(valid_to, '9999') > ?",
        contract["pod_id"],
        day,
        day,
    )
    for meter in meters:
        for register in meter["registers"] or []:
            if register["RegisterID"] in read:
                document = {"ReadingDate": day, "ReasonCode": "MOVE_OUT"}
                take_up(register, document, read[register["RegisterID"]])
        office.store.update("device", meter["id"], registers=meter["registers"])


def _vacate(office: Office, contract: Row, columns: Row) -> None:
    """Take the customer's segment off a premise where nobody is supplied any more."""
    if columns.get("status") != "ENDED":
        return
    left = office.store.one(
        "SELECT id FROM contract WHERE premise_id = ? AND status <> 'ENDED'",
        contract["premise_id"],
    )
    if left is None:
        office.store.update("premise", contract["premise_id"], segment=None)
