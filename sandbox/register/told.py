"""What a supplier tells and is told, in the register's own words, whatever language it came in."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

CLAIM, WITHDRAWAL, NOTICE, NOTICE_BACK, END, CUT, RESTORED, METER, READING = (
    "CLAIM", "WITHDRAWAL", "NOTICE", "NOTICE_BACK", "END", "CUT", "RESTORED", "METER", "READING",
)  # fmt: skip


class Refused(Exception):
    """A message is not taken at all; `code` and text go back at once."""

    def __init__(self, code: str, text: str, *, status: int = 400) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.status = status


@dataclass(frozen=True)
class Told:
    """One message of a supplier. `reference` is the id of the message that it takes back."""

    kind: str
    message_id: str
    correlation_id: str
    external_id: str
    division: str
    day: date
    postcode: str = ""
    reason: str = ""
    reference: str = ""
    customer: str = ""
    contract_number: str = ""
    initial: bool = False
    serial: str = ""
    transaction: str = ""
    values: list[dict[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)
