"""
Identifiers of the energy markets, and of banks, telephones, tax offices and addresses.

Every check answers with the normalised value or raises `InvalidIdentifier`, whose `reason` is a
sentence for the person who typed.
"""

from utilcrm.identifiers.bank import validate_iban
from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.phones import Phone, display_phone, normalise_phone, read_phone
from utilcrm.identifiers.registry import name_of, scheme_for, validate
from utilcrm.identifiers.tax import validate_tax_id

__all__ = [
    "InvalidIdentifier",
    "Phone",
    "display_phone",
    "name_of",
    "normalise_phone",
    "read_phone",
    "scheme_for",
    "validate",
    "validate_iban",
    "validate_tax_id",
]
