"""Contracts."""

from sandbox.erp.contract_rules import check_contract, parties_of
from sandbox.erp.findings import failed
from sandbox.erp.handlers.outcome import Data, Outcome
from sandbox.erp.office import Office


def create_contract(office: Office, contract: Data) -> Outcome:
    """Accept a contract; master-data generation follows in steps, or goes on where it broke off."""
    reference = contract["ExternalReference"]
    outcome = Outcome("CONTRACT", reference)
    known = office.existing("contract", reference)
    if known and known["overall"] != "FAILED":
        outcome.exists_already(known)
        return outcome
    parties = parties_of(office, contract)
    outcome.findings = office.lock_on(parties.partner, "UtilitiesContractERPCreateRequest")
    outcome.findings += check_contract(office, contract, parties)
    partner, account, point = parties.partner, parties.account, parties.point
    if failed(outcome.findings) or not (partner and account and point):
        return outcome
    columns = {
        "contract_reference": contract.get("ContractExternalReference"),
        "contract_number": contract.get("ContractNumber"),
        "role": contract["RoleCode"],
        "bp_id": partner["id"],
        "ca_id": account["id"],
        "pod_id": point["id"],
        "premise_id": point["premise_id"],
        "division": contract["DivisionCode"],
        "product": contract["ProductCode"],
        "template": contract["MasterDataTemplateCode"],
        "start_date": contract["StartDate"],
        "end_date": contract.get("EndDate"),
        "term_months": contract.get("TermMonths"),
        "annual_kwh": contract.get("ExpectedAnnualConsumption"),
        "request": contract,
        "status": "IN_PROCESS",
        "overall": "IN_PROCESS",
    }
    if known:
        office.store.update("contract", known["id"], **columns)
        outcome.keys["InternalID"] = known["id"]
        outcome.effect = "resumed"
        return outcome
    number = office.store.next_number("contract")
    office.store.insert(
        "contract",
        id=number,
        external_reference=reference,
        steps=[],
        sequence=0,
        origin="CRM",
        **columns,
    )
    outcome.keys["InternalID"] = number
    outcome.effect = "created"
    return outcome
