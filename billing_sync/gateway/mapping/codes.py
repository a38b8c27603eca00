"""Codes of the ERP's customising for our own closed lists."""

from __future__ import annotations

from accounts.choices import DunningProcedure

_DUNNING: dict[str, str] = {
    DunningProcedure.STANDARD: "DUN-RES",
    DunningProcedure.CORPORATE: "DUN-COM",
    DunningProcedure.SOCIAL: "DUN-SOC",
    DunningProcedure.NONE: "DUN-NONE",
}
_OWN_DUNNING = {code: own for own, code in _DUNNING.items()}


def dunning_code(procedure: str) -> str:
    """Return the ERP's code of a dunning procedure."""
    return _DUNNING[procedure]


def dunning_procedure(code: str) -> str:
    """Return our dunning procedure; an unknown code is returned as it is, to be refused by name."""
    return _OWN_DUNNING.get(code, code) if code else DunningProcedure.STANDARD
