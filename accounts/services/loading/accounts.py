"""Business partners of the ERP."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction
from django.utils.translation import gettext as _

from access.choices import SegmentCode
from accounts.choices import AccountKind, ContactKind, Source, Title
from accounts.services.contacting import CheckedContact, ContactInput, check_contact
from utilcrm.db.copying import (
    RECORD,
    copied,
    copy_into,
    draw_keys,
    heads,
    unknown,
)
from utilcrm.db.numbering import reserve_numbers
from utilcrm.db.staging import Loaded, Reject, Staging, adopt, fetch, new_uuid_sql, run, upsert
from utilcrm.identifiers import InvalidIdentifier, display_phone

_KEYS = {"erp_number": "text", "external_reference": "uuid"}
_COLUMNS = {
    "kind": "text",
    "segment": "text",
    "title": "text",
    "first_name": "text",
    "last_name": "text",
    "organisation_name": "text",
    "birth_date": "date",
    "tax_id": "text",
    "language": "text",
    "street": "text",
    "house_number": "text",
    "flat": "text",
    "postcode": "text",
    "town": "text",
    "country": "text",
}
_WIDTHS = {
    "erp_number": 10,
    "first_name": 60,
    "last_name": 60,
    "organisation_name": 120,
    "tax_id": 20,
    "language": 2,
    "street": 80,
    "house_number": 10,
    "flat": 35,
    "postcode": 10,
    "town": 60,
    "country": 2,
}

# Made once: a download asks them a million times.
_limited = attrgetter(*_WIDTHS)
_values = attrgetter(*_COLUMNS)
_KINDS = frozenset(AccountKind.values)
_SEGMENTS = frozenset(SegmentCode.values)
_TITLES = frozenset({"", *Title.values})
ContactLine = tuple[str, str, str, str, int]
"""ERP number of the account, kind, value, how it is shown, and its place among the others."""

_E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A business partner as the ERP has it; `contacts` are (kind, value), telephones in E.164."""

    erp_number: str
    kind: str
    segment: str
    country: str
    language: str = "en"
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    organisation_name: str = ""
    birth_date: dt.date | None = None
    tax_id: str = ""
    street: str = ""
    house_number: str = ""
    flat: str = ""
    postcode: str = ""
    town: str = ""
    contacts: tuple[tuple[str, str], ...] = ()
    external_reference: uuid.UUID | None = None


@transaction.atomic
def load_accounts(rows: Iterable[AccountRow], *, region: str) -> Loaded:
    """
    Create or update accounts; `region` reads telephones that are not in E.164.

    A contact point that cannot be right is rejected alone: its account is loaded.
    """
    rejects: list[Reject] = []
    staged: dict[str, AccountRow] = {}
    for row in rows:
        fault = _fault(row)
        if fault:
            rejects.append(Reject(row.erp_number, *fault))
        else:
            staged[row.erp_number] = row
    new = unknown("accounts_account", staged)
    here = _contacts_of([number for number in staged if number not in new])
    contacts = list(_contact_lines(staged.values(), region, rejects, here))
    if new and copied(lambda: _copy(new, contacts)):
        loaded = Loaded(len(new), 0, rejects)
        known = [row for number, row in staged.items() if number not in new]
        left = [line for line in contacts if line[0] not in new]
        return loaded.plus(_take_over(known, left)) if known else loaded
    return _take_over(list(staged.values()), contacts).with_rejects(rejects)


def _copy(new: Mapping[str, AccountRow], contacts: Iterable[ContactLine]) -> None:
    """Copy accounts that are not here, and their contact points."""
    keys = draw_keys("accounts_account", len(new))
    numbers = reserve_numbers("accounts_account_number", len(new), width=10)
    copy_into(
        "accounts_account",
        RECORD
        | {"version": "integer", "source": "text", "number": "text", "erp_number": "text"}
        | _COLUMNS,
        (
            (*head, 1, Source.ERP.value, number, erp_number, *_values(row))
            for head, number, (erp_number, row) in zip(
                heads(keys), numbers, new.items(), strict=True
            )
        ),
    )
    key_of = dict(zip(new, keys, strict=True))
    points = [line for line in contacts if line[0] in key_of]
    first = {(line[0], line[1]): line for line in reversed(points)}
    copy_into(
        "accounts_contactpoint",
        {
            **RECORD,
            "account_id": "bigint",
            "kind": "text",
            "value": "text",
            "display": "text",
            "is_primary": "boolean",
        },
        (
            (*head, key_of[line[0]], *line[1:4], first[line[0], line[1]] is line)
            for head, line in zip(
                heads(draw_keys("accounts_contactpoint", len(points))), points, strict=True
            )
        ),
    )


def _take_over(rows: Sequence[AccountRow], contacts: Sequence[ContactLine]) -> Loaded:
    """Let accounts be what the ERP tells of them, whatever is here."""
    staging = Staging("stage_account", _KEYS | _COLUMNS)
    staging.fill(map(attrgetter(*staging.columns), rows))
    source = "pg_temp.stage_account"
    adopt(table="accounts_account", source=source, key="erp_number")
    loaded = upsert(
        table="accounts_account",
        source=source,
        key="erp_number",
        columns=list(_COLUMNS),
        on_insert={
            "number": "lpad(nextval('accounts_account_number')::text, 10, '0')",
            "source": f"'{Source.ERP}'",
            "version": "1",
        },
        is_versioned=True,
    )
    if contacts:
        _load_contacts(contacts)
    return loaded


def _fault(row: AccountRow) -> tuple[str, str] | None:
    if not row.erp_number:
        return "NUMBER_MISSING", _("The ERP sent no number.")
    for name, value in zip(_WIDTHS, _limited(row), strict=True):
        if len(value) > _WIDTHS[name]:
            return "TOO_LONG", _("%(field)s has more than %(width)s characters.") % {
                "field": name,
                "width": _WIDTHS[name],
            }
    for value, known in ((row.kind, _KINDS), (row.segment, _SEGMENTS), (row.title, _TITLES)):
        if value not in known:
            return "CODE_UNKNOWN", _("The code “%(code)s” is not known.") % {"code": value}
    name = row.organisation_name if row.kind == AccountKind.ORGANISATION.value else row.last_name
    if not name.strip():
        return "NAME_MISSING", _("The business partner has no name.")
    return None


def _load_contacts(lines: Iterable[ContactLine]) -> None:
    staging = Staging(
        "stage_contact",
        {
            "erp_number": "text",
            "kind": "text",
            "value": "text",
            "display": "text",
            "position": "integer",
        },
    )
    staging.fill(lines)
    run(
        f"""
        INSERT INTO accounts_contactpoint
          (uuid, account_id, kind, value, display, is_primary, created_at, updated_at)
        SELECT {new_uuid_sql()}, a.id, s.kind, s.value, s.display,
          row_number() OVER (PARTITION BY a.id, s.kind ORDER BY s.position) = 1
            AND NOT EXISTS (
              SELECT FROM accounts_contactpoint p
              WHERE p.account_id = a.id AND p.kind = s.kind AND p.is_primary
            ),
          now(), now()
        FROM pg_temp.stage_contact s
        JOIN accounts_account a ON a.erp_number = s.erp_number AND a.erp_number <> ''
        WHERE NOT EXISTS (
          SELECT FROM accounts_contactpoint p
          WHERE p.account_id = a.id AND p.kind = s.kind AND p.value = s.value
        )
        """  # noqa: S608
    )


def _contacts_of(erp_numbers: Sequence[str]) -> frozenset[tuple[str, str, str]]:
    """Return the number, kind and value of each contact point that some accounts have."""
    if not erp_numbers:
        return frozenset()
    return frozenset(
        fetch(
            "SELECT a.erp_number, p.kind, p.value FROM accounts_account a"
            " JOIN accounts_contactpoint p ON p.account_id = a.id"
            " WHERE a.erp_number = ANY(%s) AND a.erp_number <> ''",
            [list(erp_numbers)],
        )
    )


def _contact(kind: str, value: str, region: str) -> CheckedContact:
    if kind != ContactKind.EMAIL.value and _E164.fullmatch(value):
        # In the form that machines compare already, and dialled by the ERP: taken at its word.
        return CheckedContact(kind, value, display_phone(value))
    return check_contact(ContactInput(kind, value), region=region)


def _contact_lines(
    rows: Iterable[AccountRow],
    region: str,
    rejects: list[Reject],
    here: Collection[tuple[str, str, str]],
) -> Iterator[ContactLine]:
    """Read the contact points that are not here, word for word, already."""
    for row in rows:
        seen: set[tuple[str, str]] = set()
        for position, (kind, value) in enumerate(row.contacts):
            if (row.erp_number, kind, value) in here:
                continue
            try:
                contact = _contact(kind, value, region)
            except InvalidIdentifier as error:
                rejects.append(Reject(row.erp_number, "CONTACT_INVALID", str(error.reason)))
                continue
            if (contact.kind, contact.value) not in seen:
                seen.add((contact.kind, contact.value))
                yield row.erp_number, contact.kind, contact.value, contact.display, position
