"""Records of the accounts app."""

from accounts.models.account import Account
from accounts.models.attribute import Attribute, AttributeValue
from accounts.models.business_agreement import BusinessAgreement
from accounts.models.contact_person import ContactPerson
from accounts.models.contact_point import ContactPoint
from accounts.models.vulnerability import Vulnerability

__all__ = [
    "Account",
    "Attribute",
    "AttributeValue",
    "BusinessAgreement",
    "ContactPerson",
    "ContactPoint",
    "Vulnerability",
]
