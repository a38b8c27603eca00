"""Entries of the search index."""

import itertools
import uuid
from typing import Any

from access.choices import SegmentCode
from identification.choices import EntryKind, IdentifierKind
from identification.services.indexing import Row

_numbers = itertools.count(1)

ANNA = {
    "names": ("Anna Maria", "Köhler-Smith"),
    "label": "Anna Maria Köhler-Smith",
    "street": "Old Church Road",
    "house_number": "12a",
    "flat": "Flat 3",
    "postcode": "SW1A 1AA",
    "town": "Milton Keynes",
    "identifiers": (
        (IdentifierKind.ACCOUNT_NUMBER, "0000104711"),
        (IdentifierKind.ERP_PARTNER, "0020004711"),
        (IdentifierKind.AGREEMENT_NUMBER, "300000104711"),
        (IdentifierKind.ERP_AGREEMENT, "000900104711"),
        (IdentifierKind.CONTRACT_NUMBER, "C-2026-000815"),
        (IdentifierKind.PHONE, "+447700900123"),
        (IdentifierKind.PHONE, "+442079460958"),
        (IdentifierKind.EMAIL, "Anna.Koehler@mail.example"),
        (IdentifierKind.TAX_ID, "GB 123 4567 89"),
    ),
}
ANNAS_PREMISE = {
    "kind": EntryKind.PREMISE,
    "label": "Flat 3, 12a Old Church Road",
    "street": "Old Church Road",
    "house_number": "12a",
    "flat": "Flat 3",
    "postcode": "SW1A 1AA",
    "town": "Milton Keynes",
    "identifiers": (
        (IdentifierKind.METER, "000S95A1234567"),
        (IdentifierKind.POD, "1200023305967"),
    ),
}


def row(**facts: Any) -> Row:
    """Return an entry; a residential account of nobody in particular where nothing is said."""
    number = next(_numbers)
    label = facts.get("organisation") or " ".join(facts.get("names", ())) or f"Entry {number}"
    defaults = {
        "kind": EntryKind.ACCOUNT,
        "subject_id": number,
        "subject_uuid": uuid.uuid4(),
        "segment": SegmentCode.RESIDENTIAL.value,
        "label": label,
    }
    return Row(**(defaults | facts))
