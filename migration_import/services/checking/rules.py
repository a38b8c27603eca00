"""The product's own rules for one row: the customer and how they pay."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from access.choices import SegmentCode
from accounts.choices import AccountKind, ContactKind, InvoiceDelivery, PaymentMethod
from accounts.services.contacting import ContactInput, check_contact
from migration_import.services.checking.cells import Cells
from migration_import.services.checking.supply import supply_of
from utilcrm.identifiers import InvalidIdentifier, validate_iban, validate_tax_id
from utilcrm.identifiers.addresses import fold, validate_postcode

_OLDEST_YEARS = 120


def understand(cells: Cells) -> dict[str, Any]:
    """
    Return what a row says, in stored form and ready for JSON; what is wrong stands in its problems.

    The shape: `account`, `contacts`, `agreement`, and `site`, `contract`, `meter` or None.
    """
    _check_width(cells)
    account = _account(cells)
    contacts = _contacts(cells)
    is_organisation = account["kind"] == AccountKind.ORGANISATION
    name = account["organisation_name"] or f"{account['first_name']} {account['last_name']}"
    return {
        "key": cells.needed("account_key"),
        "name": fold(name),
        "account": account,
        "contacts": contacts,
        "agreement": _agreement(cells, has_email=any(c[0] == ContactKind.EMAIL for c in contacts)),
        **supply_of(cells, account=account, is_organisation=is_organisation),
    }


def _check_width(cells: Cells) -> None:
    beyond = [cell for cell in cells.raw[cells.terms.width :] if cell.strip()]
    if beyond:
        cells.fail(
            "",
            "TOO_MANY_CELLS",
            _("The row has more cells than there are columns: a delimiter stands inside a text."),
        )


def _account(cells: Cells) -> dict[str, Any]:
    last, organisation = cells.text("last_name"), cells.text("organisation_name")
    kind = cells.code("kind") or str(
        AccountKind.ORGANISATION if organisation and not last else AccountKind.PERSON
    )
    is_organisation = kind == AccountKind.ORGANISATION
    if is_organisation and not organisation:
        # Some systems keep everybody's name in one column.
        organisation = last if "organisation_name" not in cells.terms.mapping else ""
    _check_name(cells, is_organisation=is_organisation, last=last, organisation=organisation)
    segment = cells.code("segment") or str(
        SegmentCode.CORPORATE if is_organisation else SegmentCode.RESIDENTIAL
    )
    born = None if is_organisation else _birth_date(cells)
    tax_id = cells.checked(
        "tax_id",
        lambda text: validate_tax_id(text, cells.terms.market, organisation=is_organisation),
    )
    return {
        "kind": kind,
        "segment": segment,
        "title": "" if is_organisation else cells.code("title"),
        "first_name": "" if is_organisation else cells.text("first_name"),
        "last_name": "" if is_organisation else last,
        "organisation_name": organisation if is_organisation else "",
        "birth_date": born,
        "tax_id": tax_id or "",
        "language": cells.code("language") or cells.terms.language,
        "street": cells.needed("street"),
        "house_number": cells.text("house_number"),
        "flat": cells.text("flat"),
        "postcode": postcode_of(cells, "postcode", is_needed=True),
        "town": cells.needed("town"),
        "country": cells.terms.market,
        "erp_number": _digits(cells, "account_erp_number"),
    }


def _check_name(cells: Cells, *, is_organisation: bool, last: str, organisation: str) -> None:
    if is_organisation and not organisation:
        key = "organisation_name" if "organisation_name" in cells.terms.mapping else "last_name"
        cells.fail(key, "MISSING", _("An organisation has a name."))
    elif not is_organisation and not last:
        key = "last_name" if "last_name" in cells.terms.mapping else "organisation_name"
        cells.fail(key, "MISSING", _("A person has a name."))


def _birth_date(cells: Cells) -> str | None:
    born = cells.day("birth_date")
    if born is None:
        return None
    if born > cells.terms.today:
        cells.fail("birth_date", "IMPOSSIBLE", _("A date of birth lies in the past."))
    elif born.year < cells.terms.today.year - _OLDEST_YEARS:
        cells.fail("birth_date", "IMPOSSIBLE", _("This date is too long ago."))
    return born.isoformat()


def postcode_of(cells: Cells, key: str, *, is_needed: bool) -> str:
    """Return a postcode as the country writes it."""
    if is_needed and not cells.needed(key):
        return ""
    return cells.checked(key, lambda text: validate_postcode(text, cells.terms.market)) or ""


def _digits(cells: Cells, key: str) -> str:
    return cells.checked(key, _only_digits) or ""


def _only_digits(text: str) -> str:
    if not text.isdigit():
        raise InvalidIdentifier("CHARACTERS", _("A number of the ERP has digits only."))
    return text


def _contacts(cells: Cells) -> list[list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for key, kind in (
        ("mobile", ContactKind.MOBILE),
        ("phone", ContactKind.PHONE),
        ("email", ContactKind.EMAIL),
    ):
        contact = cells.checked(
            key,
            lambda text, kind=kind: check_contact(
                ContactInput(str(kind), text), region=cells.terms.region
            ),
        )
        if contact is not None:
            line = [str(contact.kind), contact.value, contact.display]
            found.setdefault((str(contact.kind), contact.value), line)
    return list(found.values())


def _agreement(cells: Cells, *, has_email: bool) -> dict[str, Any]:
    iban = cells.checked("iban", validate_iban) or ""
    method = cells.code("payment_method")
    if method == PaymentMethod.DIRECT_DEBIT and not cells.has("iban"):
        cells.fail("iban", "MISSING", _("Direct debit without a bank account."))
    if not method and not cells.has("payment_method"):
        method = str(PaymentMethod.DIRECT_DEBIT if iban else PaymentMethod.TRANSFER)
    delivery = cells.code("invoice_delivery")
    if delivery == InvoiceDelivery.EMAIL and not has_email:
        cells.warn(
            "invoice_delivery", "NO_EMAIL", _("Bills by e-mail, but there is no e-mail address.")
        )
    if not delivery:
        delivery = str(InvoiceDelivery.EMAIL if has_email else InvoiceDelivery.PAPER)
    return {
        "payment_method": method,
        "iban": iban,
        "account_holder": cells.text("account_holder"),
        "invoice_delivery": delivery,
        "erp_number": _digits(cells, "agreement_erp_number"),
    }
