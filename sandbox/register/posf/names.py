"""Names of the platform's language. Written here a second time, as an outside system would."""

from pathlib import Path

NAMESPACE = "http://www.anre.ro/ANRESchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = Path(__file__).parents[3] / "market" / "gateway" / "posf" / "posf.xsd"
"""The agreed schema: both sides have a copy, and here it is the same file."""

PLACE_TYPES = {"ELECTRICITY": "POD", "GAS": "CLC"}
DIVISIONS = {"POD": "ELECTRICITY", "CLC": "GAS"}
STATUSES = {
    "CONNECTED": "CONECTAT",
    "INACTIVE": "INACTIV",
    "DISCONNECTED": "DECONECTAT",
    "DECOMMISSIONED": "DEZAFECTAT",
}
WITHDRAWAL = "ANULARE_CERERE_CONTRACTARE"
DUE, ERROR = "AJUNGERE_LA_TERMEN", "EROARE_PROCESARE"
RECONNECTED, INDEX, INIT = "RECONECTARE", "INDEX", "INIT"
