"""The checks on a contract: what IS-U would stumble over while it generates master data."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sandbox.erp.book.store import Row
from sandbox.erp.clients import TEMPLATES
from sandbox.erp.findings import Finding, error
from sandbox.erp.office import Office
from sandbox.erp.role_rules import check_role

Data = dict[str, Any]
PAST_DAYS = 30
FUTURE_DAYS = 365


@dataclass(frozen=True)
class Parties:
    """The objects that a contract refers to, as far as the book has them.

    `coming` names the tables whose object a simulation would make first.
    """

    partner: Row | None
    account: Row | None
    point: Row | None
    coming: frozenset[str] = field(default_factory=frozenset)


def parties_of(office: Office, contract: Data, coming: frozenset[str] = frozenset()) -> Parties:
    """Look up what a contract refers to."""
    return Parties(
        partner=office.find("business_partner", contract["BusinessPartner"]),
        account=office.find("contract_account", contract["ContractAccount"]),
        point=office.find("point_of_delivery", contract["PointOfDelivery"]),
        coming=coming,
    )


def check_contract(office: Office, contract: Data, parties: Parties) -> list[Finding]:
    """Return all findings on a contract, in the order in which IS-U works."""
    return [
        *_check_parties(contract, parties),
        *_check_template(contract),
        *check_role(office, contract, parties.point, supply_comes="contract" in parties.coming),
        *_check_dates(office, contract),
        *_check_occupation(office, contract, parties.point),
        *_check_prices(contract),
        *_check_meter(office, contract, parties.point),
    ]


def _check_parties(contract: Data, parties: Parties) -> list[Finding]:
    findings = []
    for table, code, name, row in (
        ("business_partner", "BP_MISSING", "BusinessPartner", parties.partner),
        ("contract_account", "CA_MISSING", "ContractAccount", parties.account),
        ("point_of_delivery", "POD_MISSING", "PointOfDelivery", parties.point),
    ):
        if row is None and table not in parties.coming:
            note = f"The {table.replace('_', ' ')} of the contract is unknown"
            findings.append(error(code, name, note))
    account, partner = parties.account, parties.partner
    if account and partner and account["bp_id"] != partner["id"]:
        note = f"Contract account {account['id']} belongs to partner {account['bp_id']}"
        findings.append(error("CA_WRONG_PARTNER", "ContractAccount", note))
    if parties.point and parties.point["division"] != contract["DivisionCode"]:
        note = f"The point of delivery is for {parties.point['division']}"
        findings.append(error("DIVISION_MISMATCH", "DivisionCode", note))
    return findings


def _check_template(contract: Data) -> list[Finding]:
    name = "MasterDataTemplateCode"
    code = contract.get(name)
    if not code:
        note = f"Product {contract['ProductCode']} has no master-data template"
        return [error("MDT_MISSING", name, note)]
    if code not in TEMPLATES:
        return [error("MDT_UNKNOWN", name, f"Master-data template {code} does not exist")]
    if TEMPLATES[code][0] != contract["DivisionCode"]:
        return [error("MDT_DIVISION", name, f"Template {code} is for {TEMPLATES[code][0]}")]
    return []


def _check_dates(office: Office, contract: Data) -> list[Finding]:
    start, today = date.fromisoformat(contract["StartDate"]), office.today()
    if start < today - timedelta(days=PAST_DAYS):
        note = f"Start {start} lies more than {PAST_DAYS} days in the past"
        return [error("START_TOO_EARLY", "StartDate", note)]
    if start > today + timedelta(days=FUTURE_DAYS):
        note = f"Start {start} lies more than {FUTURE_DAYS} days ahead"
        return [error("START_TOO_LATE", "StartDate", note)]
    return []


def _check_occupation(office: Office, contract: Data, point: Row | None) -> list[Finding]:
    if point is None:
        return []
    start = contract["StartDate"]
    others = office.store.all(
        "SELECT id, start_date, end_date, billed_until FROM contract"
        " WHERE pod_id = ? AND role = ? AND coalesce(external_reference, '') <> ?",
        point["id"],
        contract["RoleCode"],
        contract["ExternalReference"],
    )
    findings = []
    end = contract.get("EndDate") or "9999"
    for other in others:
        if (other["billed_until"] or "") > start:
            note = f"Contract {other['id']} is billed until {other['billed_until']}"
            findings.append(error("START_BILLED", "StartDate", note))
        if other["start_date"] < end and (other["end_date"] or "9999") > start:
            until = f"until {other['end_date']}" if other["end_date"] else "without end"
            note = f"Contract {other['id']} covers {start}: from {other['start_date']} {until}"
            findings.append(error("POD_OCCUPIED", "PointOfDelivery", note))
    return findings


def _check_prices(contract: Data) -> list[Finding]:
    """Return the finding of missing prices; grid usage may rely on its distributor's tariff."""
    prices = contract.get("Price", [])
    by_tariff = contract["RoleCode"] == "GRID_USAGE" and contract["ProductCode"].startswith("GRID-")
    if any(p["ComponentCode"] == "ENERGY" for p in prices) or (by_tariff and not prices):
        return []
    return [error("PRICE_MISSING", "Price", "The contract has no energy price")]


def _check_meter(office: Office, contract: Data, point: Row | None) -> list[Finding]:
    """Return the findings on typed meter data: needed where meters are info records.

    A grid-usage item shares the meter of the supply item. Who does not move in goes on with the
    meter that is there.
    """
    device = contract.get("Device")
    if not device and contract["MoveInIndicator"] not in {"true", "1"} and point:
        standing = "SELECT id FROM device WHERE pod_id = ? AND coalesce(valid_to, '9999') > ?"
        if office.store.one(standing, point["id"], contract["StartDate"]):
            return []
    if not office.client.info_records or contract["RoleCode"] == "GRID_USAGE":
        return []
    if not device:
        note = "Meter number and registers are missing"
        return [error("METER_MISSING", "SerialNumber", note)]
    registers = device.get("Register", [])
    needed = 2 if device["RateCode"] == "DOUBLE" else 1
    if len(registers) < needed:
        note = f"A {device['RateCode'].lower()}-rate meter needs {needed} register(s)"
        return [error("REGISTER_MISSING", "Register", note)]
    return [finding for register in registers for finding in _check_reading(register)]


def _check_reading(register: Data) -> list[Finding]:
    field_name = f"Register[{register['RegisterID']}].Reading"
    reading = register.get("Reading")
    if not reading:
        note = f"The move-in reading of register {register['RegisterID']} is missing"
        return [error("READING_MISSING", field_name, note)]
    if len(reading["Value"].partition(".")[0].lstrip("0")) > int(register["Digits"]):
        note = f"Reading {reading['Value']} has more than {register['Digits']} digits"
        return [error("READING_TOO_LONG", field_name, note)]
    return []
