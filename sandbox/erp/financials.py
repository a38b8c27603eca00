"""What a contract account owes, as of any day: bills, open items, dunning.

Nothing is stored but the manner of paying: the statement is worked out for the day it is asked
for, so that a book that was made months ago still has bills of last month.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from sandbox.erp.book.store import Row

BILLS = 12
DAYS_TO_INVOICE = 4
DAYS_TO_PAY = 14
NOTICE_AFTER_DAYS = (3, 17, 31)
NOTICE_TEXTS = ("Payment reminder", "Second reminder", "Final notice before disconnection")
SEASON = (1.5, 1.4, 1.2, 1.0, 0.8, 0.65, 0.6, 0.6, 0.75, 0.95, 1.2, 1.35)
"""Share of an average month, January first."""


def month_start(day: date, months_back: int = 0) -> date:
    """Return the first day of the month that lies `months_back` before `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months_back, 12)
    return date(year, month + 1, 1)


def _jitter(account_id: str, month: date) -> float:
    digest = blake2b(f"{account_id}{month}".encode(), digest_size=2).digest()
    return 0.92 + int.from_bytes(digest) / 0xFFFF * 0.16


class _Month(NamedTuple):
    start: date
    end: date
    issued: date
    due: date


@lru_cache(maxsize=4)
def _billed_months(today: date) -> tuple[_Month, ...]:
    """Return the last twelve months whose bill is out, newest first."""
    months = []
    for back in range(1, BILLS + 2):
        start, end = month_start(today, back), month_start(today, back - 1)
        issued = end + timedelta(days=DAYS_TO_INVOICE)
        months.append(_Month(start, end, issued, issued + timedelta(days=DAYS_TO_PAY)))
    return tuple(month for month in months if month.issued <= today)[:BILLS]


def invoice_number(account_id: str, start: date, *, kind: int = 0) -> str:
    """Return the number of the invoice for the month that begins at `start`."""
    return f"9{kind}{account_id[-6:]}{start:%y%m}"


def amount_of(account: Row, start: date) -> Decimal:
    """Return what is billed for the month that begins at `start`."""
    amount = account["monthly_base"] * _jitter(account["id"], start)
    if not account["budget_billing"]:
        amount *= SEASON[start.month - 1]
    elif (account.get("budget_from") or "9999") <= start.isoformat():
        amount = account["budget_amount"]
    return Decimal(round(amount)).scaleb(-2)


def bills(account: Row, today: date) -> list[dict[str, Any]]:
    """Return the last twelve bills, oldest first."""
    if not account["monthly_base"] or not account["billed_since"]:
        return []
    since = date.fromisoformat(account["billed_since"])
    found: list[dict[str, Any]] = []
    for month in _billed_months(today):
        if month.end <= since:
            break
        found.append(
            {
                "InvoiceID": invoice_number(account["id"], month.start),
                "InvoiceDate": month.issued,
                "PeriodStartDate": max(month.start, since),
                "PeriodEndDate": month.end,
                "DueDate": month.due,
                "AmountDue": amount_of(account, month.start),
            }
        )
    _settle(found, account["unpaid_bills"], today)
    return found[::-1]


def _settle(newest_first: list[dict[str, Any]], unpaid: int, today: date) -> None:
    """Mark what is paid: all but the bills not yet due and the `unpaid` newest due ones."""
    for bill in newest_first:
        overdue = bill["DueDate"] < today
        owed = not overdue or unpaid > 0
        unpaid -= overdue and owed
        amount = bill["AmountDue"]
        bill["AmountPaid"] = Decimal("0.00") if owed else amount
        bill["AmountRemaining"] = amount - bill["AmountPaid"]
        bill["StatusCode"] = ("OVERDUE" if overdue else "OPEN") if owed else "PAID"


def _collect(listed: list[dict[str, Any]], arrangements: list[Any], today: date) -> None:
    """Mark as paid what was debited on a day that is over."""
    debited = {
        document
        for one in arrangements
        if one.get("debited") and date.fromisoformat(one["parts"][0]["due"]) < today
        for document in one["documents"]
    }
    for bill in listed:
        if f"80{bill['InvoiceID'][2:]}" in debited:
            bill |= {"AmountPaid": bill["AmountDue"], "AmountRemaining": Decimal("0.00")}
            bill["StatusCode"] = "PAID"


def _notices(level: int, overdue: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    if not overdue:
        return []
    oldest = overdue[0]["DueDate"]
    notices = []
    for number in range(1, level + 1):
        issued = min(oldest + timedelta(days=NOTICE_AFTER_DAYS[number - 1]), today)
        amount = sum(bill["AmountRemaining"] for bill in overdue if bill["DueDate"] < issued)
        notices.append(
            {
                "Level": number,
                "IssueDate": issued,
                "DueDate": issued + timedelta(days=10),
                "Amount": amount or overdue[0]["AmountRemaining"],
                "Note": NOTICE_TEXTS[number - 1],
            }
        )
    return notices


def _item_of(bill: dict[str, Any]) -> dict[str, Any]:
    return {
        "DocumentID": f"80{bill['InvoiceID'][2:]}",
        "InvoiceID": bill["InvoiceID"],
        "Description": f"Energy {bill['PeriodStartDate']:%m/%Y}",
        "PostingDate": bill["InvoiceDate"],
        "DueDate": bill["DueDate"],
        "Amount": bill["AmountRemaining"],
    }


def _arranged(items: list[dict[str, Any]], arrangements: list[Any]) -> list[dict[str, Any]]:
    """Return the open items with those that were arranged replaced by the payments agreed."""
    for arrangement in arrangements:
        chosen = [item for item in items if item["DocumentID"] in arrangement["documents"]]
        if len(chosen) != len(arrangement["documents"]):
            continue  # paid meanwhile, at least in part: the rest is due as it was
        parts = [
            {
                **chosen[0],
                # 80 becomes 81 to 89, then 71 to 73
                "DocumentID": f"{81 + n if n < 9 else 62 + n}{chosen[0]['DocumentID'][2:]}",
                "DueDate": date.fromisoformat(part["due"]),
                "Amount": Decimal(part["amount"]),
            }
            for n, part in enumerate(arrangement["parts"])
        ]
        items = [item for item in items if item not in chosen] + parts
    return sorted(items, key=lambda item: item["DueDate"])


def statement(account: Row, currency: str, today: date) -> dict[str, Any]:
    """Return the `Financial` of a contract account as of now (bills as of `today`)."""
    listed = bills(account, today)
    arrangements = account.get("arrangements") or []
    _collect(listed, arrangements, today)
    owed = [bill for bill in listed if bill["AmountRemaining"]]
    items = _arranged([_item_of(bill) for bill in owed], arrangements)
    late = {item["InvoiceID"] for item in items if item["DueDate"] < today}
    for bill in owed:
        bill["StatusCode"] = "OVERDUE" if bill["InvoiceID"] in late else "OPEN"
    overdue = [bill for bill in owed if bill["StatusCode"] == "OVERDUE"]
    level = min(account["dunning_level"], len(NOTICE_AFTER_DAYS)) if overdue else 0
    return {
        "ContractAccountID": account["id"],
        "BusinessPartnerID": account["bp_id"],
        "AsOfDateTime": datetime.now(UTC),
        "CurrencyCode": currency,
        "Balance": sum((bill["AmountRemaining"] for bill in owed), Decimal("0.00")),
        "OverdueAmount": sum(
            (item["Amount"] for item in items if item["DueDate"] < today), Decimal("0.00")
        ),
        "CreditScore": account["credit_score"],
        "DunningProcedureCode": account["dunning_procedure"] or "DUN-RES",
        "DunningLevel": level,
        "OpenItem": [
            {**item, "DunningLevel": level if item["DueDate"] < today else 0} for item in items
        ],
        "Invoice": listed,
        "DunningNotice": _notices(level, overdue, today),
    }
