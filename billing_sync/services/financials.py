"""Load what the ERP says about money: the copies become what the ERP told last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from utilcrm.db.copying import RECORD, copied, copy_into, heads, keys_of
from utilcrm.db.staging import Loaded, Reject, Staging, fetch, new_uuid_sql, run

_STANDING = {
    "erp_number": "text",
    "currency": "text",
    "balance": "numeric",
    "overdue": "numeric",
    "credit_score": "int",
    "dunning_procedure": "text",
    "dunning_level": "int",
    "as_of": "timestamptz",
}
_BILL = {
    "erp_number": "text",
    "number": "text",
    "issued_on": "date",
    "period_from": "date",
    "period_to": "date",
    "due_on": "date",
    "currency": "text",
    "amount": "numeric",
    "paid": "numeric",
    "remaining": "numeric",
    "status": "text",
    "as_of": "timestamptz",
}
_ITEM = {
    "erp_number": "text",
    "document": "text",
    "bill_number": "text",
    "description": "text",
    "posted_on": "date",
    "due_on": "date",
    "currency": "text",
    "amount": "numeric",
    "dunning_level": "int",
    "as_of": "timestamptz",
}
_NOTICE = {
    "erp_number": "text",
    "level": "int",
    "issued_on": "date",
    "due_on": "date",
    "currency": "text",
    "amount": "numeric",
    "note": "text",
    "as_of": "timestamptz",
}

# Open items that the ERP does not name any more are settled.
_SETTLED = """
    DELETE FROM billing_sync_openitem t
    USING pg_temp.stage_standing s JOIN accounts_businessagreement a ON a.erp_number = s.erp_number
        AND a.erp_number <> ''
    WHERE t.agreement_id = a.id AND t.as_of <= s.as_of
        AND NOT EXISTS (SELECT FROM pg_temp.stage_item i
            WHERE i.erp_number = s.erp_number AND i.document = t.document)
"""


# What is new is copied with its agreement's key, in the place of the ERP's number.
_HEAD = {name: kind for name, kind in RECORD.items() if name != "id"}
_NEW = (
    ("billing_sync_standing", _STANDING),
    ("billing_sync_bill", _BILL),
    ("billing_sync_openitem", _ITEM),
    ("billing_sync_dunningnotice", _NOTICE),
)


@transaction.atomic
def load_financials(found: Iterable[Mapping[str, Any]]) -> Loaded:
    """
    Load financial objects; figures that are older than those here change nothing.

    :return: standings that are new or have changed; objects of unknown agreements are rejected
    """
    objects = {one["ContractAccountID"]: one for one in found}
    agreements = keys_of("accounts_businessagreement", "erp_number", objects)
    rejects = [
        Reject(
            number,
            "PARENT_MISSING",
            _("The contract account %(number)s is not here.") % {"number": number},
        )
        for number in sorted(objects.keys() - agreements.keys())
    ]
    # An agreement of which the ERP has said nothing yet has no bills either.
    told = _told(agreements.values())
    new = [(key, objects[number]) for number, key in agreements.items() if key not in told]
    if new and copied(lambda: _copy(new)):
        known = [objects[number] for number, key in agreements.items() if key in told]
        return Loaded(len(new), 0, rejects).plus(_take_over(known))
    return _take_over([objects[number] for number in agreements]).with_rejects(rejects)


def _told(agreements: Iterable[int]) -> set[int]:
    rows = fetch(
        "SELECT agreement_id FROM billing_sync_standing WHERE agreement_id = ANY(%s)",
        [list(agreements)],
    )
    return {key for (key,) in rows}


def _copy(new: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Copy what the ERP says of agreements of which it has said nothing yet."""
    kinds: tuple[Callable[[Mapping[str, Any]], Iterable[tuple[Any, ...]]], ...]
    kinds = (_standings, _bills, _items, _notices)
    for (table, columns), lines in zip(_NEW, kinds, strict=True):
        rows = [(key, *line[1:]) for key, one in new for line in lines(one)]
        if rows:
            shape = {"agreement_id": "bigint", **columns}
            del shape["erp_number"]
            copy_into(
                table,
                shape | _HEAD,
                (row + head[1:] for row, head in zip(rows, heads(range(len(rows))), strict=True)),
            )


def _take_over(objects: Sequence[Mapping[str, Any]]) -> Loaded:
    """Let the copies be what the ERP says, whatever is here."""
    if not objects:
        return Loaded(0, 0, [])
    Staging("stage_standing", _STANDING).fill(line for one in objects for line in _standings(one))
    Staging("stage_bill", _BILL).fill(line for one in objects for line in _bills(one))
    Staging("stage_item", _ITEM).fill(line for one in objects for line in _items(one))
    Staging("stage_notice", _NOTICE).fill(line for one in objects for line in _notices(one))
    created, updated = _upsert("standing", _STANDING, ())
    _upsert("bill", _BILL, ("number",))
    run(_SETTLED)
    _upsert("item", _ITEM, ("document",), table="openitem")
    _upsert("notice", _NOTICE, ("issued_on", "level"), table="dunningnotice")
    return Loaded(created, updated, [])


def _upsert(
    name: str, columns: Mapping[str, str], key: tuple[str, ...], *, table: str = ""
) -> tuple[int, int]:
    target, source = f"billing_sync_{table or name}", f"pg_temp.stage_{name}"
    same = "".join(f" AND t.{column} = s.{column}" for column in key)
    values = [column for column in columns if column not in ("erp_number", *key)]
    figures = [column for column in values if column != "as_of"]
    ours = ", ".join(f"t.{column}" for column in figures)
    theirs = ", ".join(f"s.{column}" for column in figures)
    joined = (
        f"{source} s JOIN accounts_businessagreement a"
        " ON a.erp_number = s.erp_number AND a.erp_number <> ''"
    )
    changed = ", ".join(f"{column} = s.{column}" for column in values)
    # Names of tables and columns are our own constants.
    updated = fetch(
        f"SELECT count(*) FROM {target} t, {joined} WHERE t.agreement_id = a.id{same}"  # noqa: S608
        f" AND s.as_of >= t.as_of AND ({ours}) IS DISTINCT FROM ({theirs})"
    )[0][0]
    run(
        f"UPDATE {target} t SET {changed}, updated_at = now() FROM {joined}"  # noqa: S608
        f" WHERE t.agreement_id = a.id{same} AND s.as_of >= t.as_of"
    )
    names = ", ".join([*key, *values])
    given = ", ".join(f"s.{column}" for column in [*key, *values])
    created = run(
        f"INSERT INTO {target} (uuid, created_at, updated_at, agreement_id, {names})"  # noqa: S608
        f" SELECT {new_uuid_sql()}, now(), now(), a.id, {given} FROM {joined}"
        f" ON CONFLICT DO NOTHING"
    )
    return created, int(updated)


def _standings(one: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    yield (
        one["ContractAccountID"],
        one["CurrencyCode"],
        one["Balance"],
        one["OverdueAmount"],
        one["CreditScore"],
        one["DunningProcedureCode"],
        one["DunningLevel"],
        one["AsOfDateTime"],
    )


def _bills(one: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for bill in one.get("Invoice") or ():
        yield (
            one["ContractAccountID"],
            bill["InvoiceID"],
            bill["InvoiceDate"],
            bill["PeriodStartDate"],
            bill["PeriodEndDate"],
            bill["DueDate"],
            one["CurrencyCode"],
            bill["AmountDue"],
            bill["AmountPaid"],
            bill["AmountRemaining"],
            bill["StatusCode"],
            one["AsOfDateTime"],
        )


def _items(one: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for item in one.get("OpenItem") or ():
        yield (
            one["ContractAccountID"],
            item["DocumentID"],
            item.get("InvoiceID") or "",
            item["Description"],
            item["PostingDate"],
            item["DueDate"],
            one["CurrencyCode"],
            item["Amount"],
            item["DunningLevel"],
            one["AsOfDateTime"],
        )


def _notices(one: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for notice in one.get("DunningNotice") or ():
        yield (
            one["ContractAccountID"],
            notice["Level"],
            notice["IssueDate"],
            notice["DueDate"],
            one["CurrencyCode"],
            notice["Amount"],
            notice["Note"],
            one["AsOfDateTime"],
        )
