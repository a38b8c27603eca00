"""Rows against what the book holds already, a chunk at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account, BusinessAgreement, ContactPoint
from contracts.choices import ItemRole, ItemStatus
from contracts.models import Contract, ContractItem
from migration_import.choices import Severity
from migration_import.models import FileImport
from migration_import.services.checking.cells import Problem
from migration_import.services.checking.within_file import severity_of_lookalikes
from migration_import.services.identity import uuid_of
from products.models import Product
from utilcrm.identifiers.addresses import fold

Rows = Sequence[tuple[int, Mapping[str, Any]]]
_Found = Iterator[tuple[int, str, str, str, str]]
"""Row, our field, code, reason, value."""


def against_the_book(file_import: FileImport, rows: Rows) -> list[Problem]:
    """Return what keeps rows out, or is worth a look, because of what is here already."""
    lookalike = severity_of_lookalikes(file_import)
    checks: tuple[tuple[Callable[..., _Found], Severity], ...] = (
        (_known, Severity.WARNING),
        (_same_account, Severity.ERROR),
        (_same_agreement, Severity.ERROR),
        (_same_person, lookalike),
        (_same_contract, Severity.ERROR),
        (_taken_place, Severity.ERROR),
    )
    source = file_import.source_system
    return [
        Problem(
            number, file_import.mapping.get(key, -1), key, severity.value, code, reason, value[:200]
        )
        for check, severity in checks
        for number, key, code, reason, value in check(rows, source)
    ]


def without_product(file_import: FileImport, rows: Rows) -> list[Problem]:
    """Return the rows whose product the catalogue does not have any more."""
    wanted = _by(rows, "contract", "product_code")
    here = set(Product.objects.filter(code__in=wanted).values_list("code", flat=True))
    column, key = file_import.mapping.get("product_code", -1), "product_code"
    reason = _("There is no product “%(code)s”.")
    return [
        Problem(
            *(number, column, key, Severity.ERROR.value),
            *("PRODUCT_GONE", reason % {"code": code}, code),
        )
        for code in wanted.keys() - here
        for number, _values in wanted[code]
    ]


def _known(rows: Rows, source: str) -> _Found:
    """What an earlier file, or an earlier run, has brought."""
    contracts = {
        uuid_of(source, "contract", values["contract"]["key"]): number
        for number, values in rows
        if values["contract"] and values["contract"]["key"]
    }
    keys = dict(rows)
    for uuid in Contract.objects.filter(uuid__in=contracts).values_list("uuid", flat=True):
        number = contracts[uuid]
        reason = _("This contract is imported already; nothing of it is changed.")
        yield number, "contract_key", "ALREADY_HERE", reason, keys[number]["contract"]["key"]
    accounts = {
        uuid_of(source, "account", values["key"]): number
        for number, values in rows
        if values["contract"] is None and values["key"]
    }
    for uuid in Account.objects.filter(uuid__in=accounts).values_list("uuid", flat=True):
        number = accounts[uuid]
        reason = _("This customer is imported already; nothing of it is changed.")
        yield number, "account_key", "ALREADY_HERE", reason, keys[number]["key"]


def _same_account(rows: Rows, source: str) -> _Found:
    """A tax number or ERP number that another account has."""
    for field, key, reason in (
        ("tax_id", "tax_id", _("Account %(number)s has this tax number.")),
        ("erp_number", "account_erp_number", _("Account %(number)s has this ERP number.")),
    ):
        wanted = _by(rows, "account", field)
        taken = Account.objects.filter(**{f"{field}__in": wanted}).values_list(
            field, "uuid", "number"
        )
        for value, uuid, account_number in taken:
            for number, values in wanted[value]:
                if uuid != uuid_of(source, "account", values["key"]):
                    text = reason % {"number": account_number}
                    yield number, key, "DUPLICATE_CUSTOMER", text, value


def _same_agreement(rows: Rows, source: str) -> _Found:
    wanted = _by(rows, "agreement", "erp_number")
    taken = BusinessAgreement.objects.filter(erp_number__in=wanted).values_list(
        "erp_number", "account__uuid", "number"
    )
    for value, uuid, agreement_number in taken:
        for number, values in wanted[value]:
            if uuid != uuid_of(source, "account", values["key"]):
                reason = _("Agreement %(number)s has this ERP number.") % {
                    "number": agreement_number
                }
                yield number, "agreement_erp_number", "DUPLICATE_ERP_NUMBER", reason, value


def _same_person(rows: Rows, source: str) -> _Found:
    """The same name with the same telephone or e-mail."""
    wanted: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, values in rows:
        for _kind, value, _display in values["contacts"]:
            wanted.setdefault(value, []).append((number, values))
    known = ContactPoint.objects.filter(value__in=wanted).values_list(
        "value",
        "account__uuid",
        "account__number",
        "account__first_name",
        "account__last_name",
        "account__organisation_name",
    )
    told: set[int] = set()
    for value, uuid, account_number, first, last, organisation in known:
        name = fold(organisation or f"{first} {last}")
        for number, values in wanted[value]:
            is_same = uuid == uuid_of(source, "account", values["key"])
            if number not in told and not is_same and values["name"] == name:
                told.add(number)
                reason = _("Account %(number)s has the same name and telephone or e-mail.") % {
                    "number": account_number
                }
                yield number, "account_key", "LOOKALIKE", reason, value


def _same_contract(rows: Rows, source: str) -> _Found:
    """An ERP number that another contract has."""
    for field in ("erp_number", "grid_erp_number"):
        wanted = _by(rows, "contract", field)
        taken = ContractItem.objects.filter(erp_number__in=wanted).values_list(
            "erp_number", "contract__uuid", "contract__number"
        )
        key = "contract_erp_number" if field == "erp_number" else "grid_erp_number"
        for value, uuid, contract_number in taken:
            for number, values in wanted[value]:
                if uuid != uuid_of(source, "contract", values["contract"]["key"]):
                    reason = _("Contract %(number)s has this ERP number.") % {
                        "number": contract_number
                    }
                    yield number, key, "DUPLICATE_ERP_NUMBER", reason, value


def _taken_place(rows: Rows, source: str) -> _Found:
    """Another contract has the point of delivery at that time."""
    wanted = _by(rows, "site", "pod_id")
    taken = (
        ContractItem.objects.filter(pod__external_id__in=wanted, role=ItemRole.SUPPLY)
        .exclude(status=ItemStatus.CANCELLED)
        .values_list(
            "pod__external_id", "contract__uuid", "contract__number", "starts_on", "ends_on"
        )
    )
    told: set[int] = set()
    for value, uuid, contract_number, starts_on, ends_on in taken:
        for number, values in wanted[value]:
            contract = values["contract"]
            if number in told or uuid == uuid_of(source, "contract", contract["key"]):
                continue
            if _overlap(contract, starts_on, ends_on):
                told.add(number)
                reason = _(
                    "Contract %(number)s has the point of delivery %(pod)s at that time."
                ) % {"number": contract_number, "pod": value}
                yield number, "starts_on", "OVERLAP", reason, contract["starts_on"]


def _overlap(contract: Mapping[str, Any], starts_on: dt.date, ends_on: dt.date | None) -> bool:
    if not contract["starts_on"]:
        return False
    starts = dt.date.fromisoformat(contract["starts_on"])
    ends = dt.date.fromisoformat(contract["ends_on"]) if contract["ends_on"] else dt.date.max
    return starts < (ends_on or dt.date.max) and starts_on < ends


def _by(rows: Rows, part: str, field: str) -> dict[str, list[tuple[int, Mapping[str, Any]]]]:
    """Return the rows by a value of theirs, those without it left out."""
    found: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, values in rows:
        value = (values[part] or {}).get(field)
        if value:
            found.setdefault(value, []).append((number, values))
    return found
