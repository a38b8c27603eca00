"""Load a page of a run's invoices: one COPY, one INSERT, whatever the page holds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import InvoiceDelivery
from billing_sync.choices import InvoiceRejectReason, InvoiceRejectStatus, InvoiceRunStatus
from billing_sync.gateway.sound import trouble_with
from billing_sync.models import InvoiceReject, InvoiceRun
from billing_sync.services.invoicing.months import make_months_of
from utilcrm.db.staging import Staging, fetch, run

_COLUMNS = {
    "number": "text",
    "erp_account": "text",
    "issued_on": "date",
    "due_on": "date",
    "amount": "numeric",
    "currency": "text",
    "delivery": "text",
}
# what fits into the column to the last place, however a decimal may else be written
_AMOUNT = re.compile(r"[+-]?\d{1,10}(\.\d{1,4}0*)?\Z", re.ASCII)
_YEARS = range(1990, 2200)
_DELIVERIES = frozenset(InvoiceDelivery.values)

# What is here already, and equal, is not written again. A number that another contract account has
# in this month is nobody's to take over.
_LOAD = """
    INSERT INTO billing_sync_invoice AS t (month, number, agreement_id, erp_account, run_id,
        issued_on, due_on, amount, currency, delivery)
    SELECT %(month)s, s.number, a.id, s.erp_account, %(run)s, s.issued_on, s.due_on, s.amount,
        s.currency, s.delivery
    FROM pg_temp.stage_invoice s
    LEFT JOIN accounts_businessagreement a ON a.erp_number = s.erp_account
    ORDER BY s.number
    ON CONFLICT (month, number) DO UPDATE SET agreement_id = EXCLUDED.agreement_id,
        run_id = EXCLUDED.run_id, issued_on = EXCLUDED.issued_on, due_on = EXCLUDED.due_on,
        amount = EXCLUDED.amount, currency = EXCLUDED.currency, delivery = EXCLUDED.delivery
    WHERE t.erp_account = EXCLUDED.erp_account
        AND (t.agreement_id, t.run_id, t.issued_on, t.due_on, t.amount, t.currency, t.delivery)
            IS DISTINCT FROM (EXCLUDED.agreement_id, EXCLUDED.run_id, EXCLUDED.issued_on,
                EXCLUDED.due_on, EXCLUDED.amount, EXCLUDED.currency, EXCLUDED.delivery)
"""
_TAKEN = """
    SELECT s.number FROM pg_temp.stage_invoice s
    JOIN billing_sync_invoice t ON t.month = %(month)s AND t.number = s.number
    WHERE t.erp_account <> s.erp_account
"""
# a line of the ERP's has no token, and so no digest
_MENDED = """
    UPDATE billing_sync_invoicereject r SET status = 'TAKEN', updated_at = now()
    FROM pg_temp.stage_invoice s
    WHERE r.month = %(month)s AND r.number = s.number AND r.digest = '' AND r.status = 'OPEN'
"""
_COUNT = """
    SELECT count(*), coalesce(sum(amount), 0), count(*) FILTER (WHERE agreement_id IS NULL),
        (SELECT count(*) FROM billing_sync_invoicetoken k
            JOIN billing_sync_invoice o ON o.month = k.month AND o.number = k.number
            WHERE k.month = %(month)s AND k.version = 1 AND o.run_id = %(run)s)
    FROM billing_sync_invoice WHERE month = %(month)s AND run_id = %(run)s
"""
_LINK = """
    UPDATE billing_sync_invoice i SET agreement_id = a.id FROM accounts_businessagreement a
    WHERE i.agreement_id IS NULL AND i.month = %s AND a.erp_number = i.erp_account
"""


class _Unreadable(ValueError):
    """A line that is not what was agreed."""


def load_page(invoicing: InvoiceRun, found: Iterable[Mapping[str, Any]]) -> None:
    """
    Load the invoices of a page in the caller's transaction; twice is as once.

    A line that cannot be read does not spoil its page: it is a reject, until the ERP has mended it.
    """
    make_months_of(invoicing.month)
    rows: dict[str, tuple[Any, ...]] = {}
    rejects: dict[str, str] = {}
    for one in found:
        number = str(one.get("InvoiceID") or "")[:20]
        try:
            row = _row(one, invoicing)
            if rows.setdefault(number, row) != row:
                raise _Unreadable(_("The number comes twice, with different contents."))
        except _Unreadable as exc:
            rejects[number] = str(exc)
    facts = {"month": invoicing.month, "run": invoicing.pk}
    Staging("stage_invoice", _COLUMNS).fill(rows.values())
    run(_LOAD, facts)
    for (number,) in fetch(_TAKEN, facts):
        rejects[number] = _("Another contract account has this number in this month.")
    run(_MENDED, facts)
    if rejects:
        _note(invoicing, rejects)


def count_loaded(invoicing: InvoiceRun) -> None:
    """Count what is here of a run, in the one month it lies in; the caller saves."""
    facts = {"month": invoicing.month, "run": invoicing.pk}
    run(_LINK, [invoicing.month])
    (
        (
            invoicing.loaded,
            invoicing.loaded_amount,
            invoicing.without_agreement,
            invoicing.tokens,
        ),
    ) = fetch(_COUNT, facts)


def link_latecomers(*, most: int = 24) -> int:
    """
    Give invoices that came before their customer to the agreement that is here by now.

    Looks at the newest runs that have such invoices; returns how many were linked.
    """
    waiting = InvoiceRun.objects.filter(
        status=InvoiceRunStatus.LOADED, without_agreement__gt=0
    ).order_by("-month", "-pk")[:most]
    return sum(_link(run.pk) for run in waiting)


@transaction.atomic
def _link(key: int) -> int:
    invoicing = InvoiceRun.objects.select_for_update().get(pk=key)
    before = invoicing.without_agreement
    if not run(_LINK, [invoicing.month]):
        return 0
    count_loaded(invoicing)
    invoicing.save()
    return before - invoicing.without_agreement


def _row(one: Mapping[str, Any], invoicing: InvoiceRun) -> tuple[Any, ...]:
    _check_form(one)
    try:
        number, account = one["InvoiceID"], one["ContractAccountID"]
        issued_on = dt.date.fromisoformat(one["InvoiceDate"])
        due_on = dt.date.fromisoformat(one["DueDate"])
        amount, currency, delivery = one["Amount"], one["CurrencyCode"], one["DeliveryCode"]
    except KeyError as exc:
        raise _Unreadable(_("%s is missing.") % exc) from exc
    except ValueError as exc:
        raise _Unreadable(_("A date is none.")) from exc
    if issued_on.year not in _YEARS or due_on.year not in _YEARS:
        raise _Unreadable(_("A date is not plausible."))
    if currency != invoicing.currency:
        raise _Unreadable(_("The currency is not that of the run."))
    if delivery not in _DELIVERIES:
        raise _Unreadable(_("The way of delivery is unknown."))
    return number, account, issued_on, due_on, Decimal(amount), currency, delivery


def _check_form(one: Mapping[str, Any]) -> None:
    if any(not isinstance(value, str) for value in one.values()):
        raise _Unreadable(_("A field is no plain text."))
    if trouble := trouble_with(one):
        raise _Unreadable(trouble)
    if not _is_number(one.get("InvoiceID", ""), 20) or not _is_number(
        one.get("ContractAccountID", ""), 12
    ):
        raise _Unreadable(_("A number does not consist of digits."))
    if not _AMOUNT.match(one.get("Amount", "")):
        raise _Unreadable(_("The amount is not plausible."))


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most


def _note(invoicing: InvoiceRun, rejects: Mapping[str, str]) -> None:
    now = timezone.now()
    InvoiceReject.objects.bulk_create(
        [
            InvoiceReject(
                month=invoicing.month,
                number=number,
                reason=InvoiceRejectReason.UNREADABLE,
                detail=detail[:200],
                last_tried_at=now,
            )
            for number, detail in rejects.items()
        ],
        update_conflicts=True,
        unique_fields=["month", "number", "digest"],
        update_fields=["detail", "last_tried_at"],
    )
    # what was mended once, and is wrong again
    InvoiceReject.objects.filter(
        month=invoicing.month, number__in=rejects, digest=b"", status=InvoiceRejectStatus.TAKEN
    ).update(status=InvoiceRejectStatus.OPEN)
