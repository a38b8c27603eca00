"""Contract accounts of the ERP."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import DunningProcedure, InvoiceDelivery, PaymentMethod, Source
from utilcrm.db.copying import (
    RECORD,
    copied,
    copy_into,
    draw_keys,
    heads,
    keys_of,
    unknown,
)
from utilcrm.db.numbering import reserve_numbers
from utilcrm.db.staging import Loaded, Reject, Staging, adopt, fetch, run, upsert

_KEYS = {"erp_number": "text", "external_reference": "uuid"}
_COLUMNS = {
    "payment_method": "text",
    "iban": "text",
    "account_holder": "text",
    "bank_name": "text",
    "invoice_delivery": "text",
    "language": "text",
    "dunning_procedure": "text",
    "budget_billing": "boolean",
}
_WIDTHS = {"erp_number": 12, "iban": 34, "account_holder": 120, "bank_name": 120, "language": 2}

# Made once: a download asks them a million times.
_limited = attrgetter(*_WIDTHS)
_values = attrgetter(*_COLUMNS)
_METHODS = frozenset(PaymentMethod.values)
_DELIVERIES = frozenset(InvoiceDelivery.values)
_PROCEDURES = frozenset(DunningProcedure.values)


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A contract account as the ERP has it; `account_erp_number` is its business partner."""

    erp_number: str
    account_erp_number: str
    payment_method: str
    iban: str = ""
    account_holder: str = ""
    bank_name: str = ""
    invoice_delivery: str = InvoiceDelivery.PAPER
    language: str = "en"
    dunning_procedure: str = DunningProcedure.STANDARD
    budget_billing: bool = True
    external_reference: uuid.UUID | None = None


@transaction.atomic
def load_agreements(rows: Iterable[AgreementRow]) -> Loaded:
    """
    Create or update business agreements; the first one of an account becomes its default.

    The bank account is taken as the ERP has it: it collects by it already.
    """
    rejects: list[Reject] = []
    staged: dict[str, AgreementRow] = {}
    for row in rows:
        fault = _fault(row)
        if fault:
            rejects.append(Reject(row.erp_number, *fault))
        else:
            staged[row.erp_number] = row
    accounts = keys_of(
        "accounts_account", "erp_number", {row.account_erp_number for row in staged.values()}
    )
    new = {
        number: (accounts[row.account_erp_number], row)
        for number, row in unknown("accounts_businessagreement", staged).items()
        if row.account_erp_number in accounts
    }
    if new and copied(lambda: _copy(new)):
        loaded = Loaded(len(new), 0, rejects)
        known = [row for number, row in staged.items() if number not in new]
        return loaded.plus(_take_over(known)) if known else loaded
    return _take_over(list(staged.values())).with_rejects(rejects)


def _copy(new: Mapping[str, tuple[int, AgreementRow]]) -> None:
    """Copy agreements that are not here, each with its account's key."""
    settled = {
        account_id
        for (account_id,) in fetch(
            "SELECT account_id FROM accounts_businessagreement WHERE account_id = ANY(%s)"
            " AND is_default",
            [[account_id for account_id, _row in new.values()]],
        )
    }
    first: dict[int, str] = {}
    for number, (account_id, _row) in new.items():
        if account_id not in settled:
            first.setdefault(account_id, number)
    keys = draw_keys("accounts_businessagreement", len(new))
    numbers = reserve_numbers("accounts_agreement_number", len(new), width=12)
    copy_into(
        "accounts_businessagreement",
        RECORD
        | {
            "version": "integer",
            "source": "text",
            "number": "text",
            "account_id": "bigint",
            "is_default": "boolean",
            "erp_number": "text",
        }
        | _COLUMNS,
        (
            (
                *head,
                1,
                Source.ERP.value,
                number,
                account_id,
                first.get(account_id) == erp_number,
                erp_number,
                *_values(row),
            )
            for head, number, (erp_number, (account_id, row)) in zip(
                heads(keys), numbers, new.items(), strict=True
            )
        ),
    )


def _take_over(rows: Sequence[AgreementRow]) -> Loaded:
    """Let agreements be what the ERP tells of them, whatever is here."""
    staging = Staging("stage_agreement", _KEYS | {"account_erp_number": "text"} | _COLUMNS)
    staging.fill(map(attrgetter(*staging.columns), rows))
    joined = (
        "(SELECT s.*, a.id AS account_id FROM pg_temp.stage_agreement s "
        "JOIN accounts_account a ON a.erp_number = s.account_erp_number AND a.erp_number <> '')"
    )
    rejects = _without_account()
    adopt(table="accounts_businessagreement", source=joined, key="erp_number")
    loaded = upsert(
        table="accounts_businessagreement",
        source=joined,
        key="erp_number",
        columns=["account_id", *_COLUMNS],
        on_insert={
            "number": "lpad(nextval('accounts_agreement_number')::text, 12, '0')",
            "is_default": "false",
            "source": f"'{Source.ERP}'",
            "version": "1",
        },
        is_versioned=True,
    )
    run(
        """
        UPDATE accounts_businessagreement b SET is_default = true
        FROM (
          SELECT min(o.id) AS id FROM accounts_businessagreement o
          WHERE o.account_id IN (
            SELECT a.id FROM pg_temp.stage_agreement s
            JOIN accounts_account a ON a.erp_number = s.account_erp_number AND a.erp_number <> ''
          )
          GROUP BY o.account_id HAVING NOT bool_or(o.is_default)
        ) first
        WHERE b.id = first.id
        """
    )
    return loaded.with_rejects(rejects)


def _fault(row: AgreementRow) -> tuple[str, str] | None:
    if not row.erp_number:
        return "NUMBER_MISSING", _("The ERP sent no number.")
    for name, value in zip(_WIDTHS, _limited(row), strict=True):
        if len(value) > _WIDTHS[name]:
            return "TOO_LONG", _("%(field)s has more than %(width)s characters.") % {
                "field": name,
                "width": _WIDTHS[name],
            }
    for value, known in (
        (row.payment_method, _METHODS),
        (row.invoice_delivery, _DELIVERIES),
        (row.dunning_procedure, _PROCEDURES),
    ):
        if value not in known:
            return "CODE_UNKNOWN", _("The code “%(code)s” is not known.") % {"code": value}
    if row.payment_method == PaymentMethod.DIRECT_DEBIT.value and not row.iban:
        return "IBAN_MISSING", _("Direct debit without a bank account.")
    return None


def _without_account() -> list[Reject]:
    rows = fetch(
        "SELECT s.erp_number, s.account_erp_number FROM pg_temp.stage_agreement s "
        "WHERE NOT EXISTS (SELECT FROM accounts_account a "
        "WHERE a.erp_number = s.account_erp_number AND a.erp_number <> '') ORDER BY 1"
    )
    return [
        Reject(
            erp_number,
            "PARENT_MISSING",
            _("Its business partner %(number)s is not here.") % {"number": parent},
        )
        for erp_number, parent in rows
    ]
