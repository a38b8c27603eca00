"""
Names of the switching platform's language, and what they mean in ours.

Source: the public standard of ANRE's platform (messages, closed lists, states of a place).
"""

from __future__ import annotations

import uuid
from pathlib import Path

from market.choices import EndReason
from premises.choices import Division

NAMESPACE = "http://www.anre.ro/ANRESchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = Path(__file__).parent / "posf.xsd"

XML = {"Content-Type": "application/xml", "Accept": "application/xml"}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}

INIT = "INIT"
"""What ``info`` says of a load: taken, passed on to nobody."""

BATCH = 100
"""Messages of the queue that are read at once, the most that the platform gives."""

PLACE_TYPES = {Division.ELECTRICITY: "POD", Division.GAS: "CLC"}
DIVISIONS = {name: division for division, name in PLACE_TYPES.items()}

STATES = {
    "CONECTAT": "CONNECTED",
    "INACTIV": "INACTIVE",
    "DECONECTAT": "DISCONNECTED",
    "DEZAFECTAT": "DECOMMISSIONED",
}

END_REASONS = {
    EndReason.MOVE_OUT: "DENUNTARE_INCETARE_LOC",
    EndReason.CUSTOMER: "DENUNTARE",
    EndReason.SUPPLIER: "REZILIERE",
    EndReason.NON_PAYMENT: "REZILIERE_NEPLATA",
    EndReason.EXPIRY: "ACORDUL_PARTILOR",
    EndReason.AGREEMENT: "ACORDUL_PARTILOR",
    EndReason.FORCE_MAJEURE: "REZILIERE",
    EndReason.OTHER: "REZILIERE",
}
"""
The platform's list of eight has no expiry, force majeure or other reason: a contract that runs out
ends as both sides had agreed, the others end at the supplier's request. ``reasonDesc`` says which.
"""

WITHDRAWN = "ANULARE_CERERE_CONTRACTARE"
"""Reason of a claim that is taken back before its supply begins."""

DUE = "AJUNGERE_LA_TERMEN"
ERROR = "EROARE_PROCESARE"
"""The two reasons of a notification: something falls due, or a message cannot be processed."""

UNPAID = "REZILIERE_NEPLATA"
RECONNECTED = "RECONECTARE"
INDEX = "INDEX"
"""What ``info`` says of a place: cut for debts, flowing again, or its meter was read."""

FINAL = "FINAL"
INITIAL = "INITIAL"
"""Types of a technical datum: the last index of a removed meter, the first of a new one."""

CODES = {
    "place not found": "PLACE_NOT_FOUND",
    "operator != place operator": "OPERATOR_MISMATCH",
    "several places have this code": "PLACE_AMBIGUOUS",
}
"""Refusals that the platform gives as a bare sentence, by what we call them."""


def guid(party: str) -> str:
    """
    Return a market party's id on the platform, which is a GUID.

    A party that is kept under its GLN or its market's code has the GUID derived from it.
    """
    try:
        return str(uuid.UUID(party))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:market:party:{party}"))
