"""What came of a request, and what all handlers share."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.erp.book.store import Row
from sandbox.erp.findings import Finding, error, information

Data = dict[str, Any]


@dataclass
class Outcome:
    """What came of a request; `effect` is created, changed, resumed or none."""

    object_type: str
    external_reference: str
    findings: list[Finding] = field(default_factory=list)
    keys: dict[str, str | None] = field(default_factory=dict)
    effect: str = "none"

    @property
    def confirmed_object(self) -> Data:
        """The `ConfirmedObject` of the confirmation."""
        return {
            "ObjectTypeCode": self.object_type,
            "ExternalReference": self.external_reference,
            **self.keys,
        }

    def exists_already(self, row: Row) -> None:
        """Note that the object came before, under the key it has."""
        self.keys["InternalID"] = row["id"]
        note = f"The object exists already as {row['id']}"
        self.findings.append(information("ALREADY_EXISTS", "ExternalReference", note))


def address_columns(address: Data) -> Row:
    """Return the columns of an `Address`, without the flat."""
    return {
        "street": address["StreetName"],
        "house": address.get("HouseID"),
        "postcode": address["PostalCode"],
        "city": address["CityName"],
        "country": address["CountryCode"],
    }


def unknown(field_name: str, what: str) -> Finding:
    """Return the finding of a change to an object that does not exist."""
    return error("OBJECT_MISSING", field_name, f"The {what} to be changed is unknown")
