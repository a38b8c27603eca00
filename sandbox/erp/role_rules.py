"""The checks on what a contract is about: the supply, or the use of the grid beside it."""

from typing import Any

from sandbox.erp.book.store import Row
from sandbox.erp.clients import GRID, TEMPLATES
from sandbox.erp.findings import Finding, error
from sandbox.erp.office import Office

Data = dict[str, Any]


def check_role(
    office: Office, contract: Data, point: Row | None, *, supply_comes: bool
) -> list[Finding]:
    """Return the findings on a contract's role and on the supply that grid usage goes with.

    `supply_comes` says that a simulation would make that supply first.
    """
    is_grid = contract["RoleCode"] == "GRID_USAGE"
    findings = _check_template(contract, is_grid=is_grid)
    if not is_grid:
        return findings
    if not office.client.dual:
        note = "In this client the use of the grid is part of the supply contract"
        return [*findings, error("ROLE_NOT_SUPPORTED", "RoleCode", note)]
    return findings + _check_supply(office, contract, point, supply_comes=supply_comes)


def is_stand_alone(contract: Data) -> bool:
    """Tell whether grid usage is said to be without a supply contract of ours."""
    return contract.get("StandAloneIndicator") in {"true", "1", True}


def _check_template(contract: Data, *, is_grid: bool) -> list[Finding]:
    known = TEMPLATES.get(contract.get("MasterDataTemplateCode") or "")
    if known is None or (known[1] == GRID) == is_grid:
        return []
    note = f"Template {contract['MasterDataTemplateCode']} does not generate {contract['RoleCode']}"
    return [error("MDT_ROLE", "MasterDataTemplateCode", note)]


def _check_supply(
    office: Office, contract: Data, point: Row | None, *, supply_comes: bool
) -> list[Finding]:
    if is_stand_alone(contract):
        return []
    name, reference = "SupplyContract", contract.get("SupplyContract")
    if not reference:
        note = "Grid usage needs a supply contract, unless it is said to stand alone"
        return [error("SUPPLY_MISSING", name, note)]
    supply = office.find("contract", reference)
    if supply is None:
        note = "The supply contract that the grid usage goes with is unknown"
        return [] if supply_comes else [error("SUPPLY_MISSING", name, note)]
    if supply["role"] != "SUPPLY":
        return [error("SUPPLY_MISMATCH", name, f"Contract {supply['id']} is no supply contract")]
    if point is not None and supply["pod_id"] != point["id"]:
        note = f"Supply contract {supply['id']} is about another point of delivery"
        return [error("SUPPLY_MISMATCH", name, note)]
    return []
