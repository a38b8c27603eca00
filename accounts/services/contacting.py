"""Set how an account is reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.choices import ContactKind
from accounts.models import Account, ContactPoint
from utilcrm.identifiers import InvalidIdentifier, read_phone


@dataclass(frozen=True)
class ContactInput:
    """One way to reach somebody, as typed; any telephone kind stands for both."""

    kind: str
    value: str


@dataclass(frozen=True)
class CheckedContact:
    """One way to reach somebody, as stored."""

    kind: str
    value: str
    display: str


def check_contact(contact: ContactInput, *, region: str) -> CheckedContact:
    """
    Return the contact point in its stored form; a telephone's kind follows from its number.

    :raises InvalidIdentifier: if the number or address cannot be right
    """
    if contact.kind == ContactKind.EMAIL:
        email = contact.value.strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise InvalidIdentifier(
                "FORMAT",
                _("“%(value)s” is not an e-mail address.") % {"value": contact.value.strip()},
            ) from None
        return CheckedContact(ContactKind.EMAIL, email, email)
    phone = read_phone(contact.value, region)
    kind = ContactKind.MOBILE if phone.is_mobile else ContactKind.PHONE
    return CheckedContact(kind, phone.e164, phone.display)


def set_contact_points(
    account: Account, contacts: Iterable[ContactInput], *, region: str
) -> list[ContactPoint]:
    """
    Make the account's contact points exactly these; the first of each kind is the primary one.

    Runs in the caller's transaction, with the account locked.

    :raises InvalidIdentifier: if a number or address cannot be right
    """
    wanted: dict[tuple[str, str], CheckedContact] = {}
    for contact in contacts:
        checked = check_contact(contact, region=region)
        wanted.setdefault((checked.kind, checked.value), checked)
    account.contact_points.exclude(value__in=[value for _kind, value in wanted]).delete()
    account.contact_points.update(is_primary=False)
    kept = {(point.kind, point.value): point for point in account.contact_points.all()}
    with_primary: set[str] = set()
    points = []
    for key, checked in wanted.items():
        point = kept.get(key) or ContactPoint(
            account=account, kind=checked.kind, value=checked.value
        )
        point.display = checked.display
        point.is_primary = checked.kind not in with_primary
        with_primary.add(checked.kind)
        point.save()
        points.append(point)
    return points
