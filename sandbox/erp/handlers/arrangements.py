"""Paying later, in parts, or now: deferrals, plans of instalments, and debits of a bank account."""

from datetime import date, timedelta
from decimal import Decimal

from sandbox.erp.book.store import Row
from sandbox.erp.financials import statement
from sandbox.erp.findings import Finding, error, failed
from sandbox.erp.handlers.outcome import Data, Outcome, unknown
from sandbox.erp.office import Office

MOST_DAYS = 60
"""Days by which the receivables department lets a first payment be put off."""
MOST_DEBIT_DAYS = 14
"""Days ahead for which the payment run takes a debit."""
DUNNED_TOO_FAR = 3
"""From this dunning level on nothing is arranged: the field service has the case."""


def create_payment_arrangement(office: Office, wanted: Data) -> Outcome:
    """Replace open items by the payments agreed; the bills themselves stay as they are."""
    outcome = Outcome("PAYMENT_ARRANGEMENT", wanted["ExternalReference"])
    account = office.find("contract_account", wanted["ContractAccount"])
    if account is None:
        outcome.findings = [unknown("ContractAccount", "contract account")]
        return outcome
    outcome.keys["InternalID"] = account["id"]
    documents: list[str] = wanted["DocumentID"]
    parts = [
        {"due": part["DueDate"], "amount": str(Decimal(part["Amount"]))} for part in wanted["Part"]
    ]
    is_debit = wanted["TypeCode"] == "DIRECT_DEBIT"
    outcome.findings = _check(office, account, wanted, documents, parts)
    outcome.findings += (_check_debit if is_debit else _check_delay)(office, account, parts)
    if not failed(outcome.findings):
        arranged = {"documents": documents, "parts": parts}
        if is_debit:
            arranged["debited"] = account["iban"]
        known = account["arrangements"] or []
        office.store.update("contract_account", account["id"], arrangements=[*known, arranged])
        outcome.effect = "created"
    return outcome


def _check(
    office: Office, account: Row, wanted: Data, documents: list[str], parts: list[Row]
) -> list[Finding]:
    now = statement(account, office.client.currency, office.today())
    is_open = {item["DocumentID"]: item["Amount"] for item in now["OpenItem"]}
    findings = []
    if wanted["CurrencyCode"] != office.client.currency:
        note = f"The account is kept in {office.client.currency}"
        findings.append(error("CURRENCY_MISMATCH", "CurrencyCode", note))
    # 80 is a bill's own item; what was arranged once is not arranged again
    missing = [one for one in documents if one not in is_open or not one.startswith("80")]
    if missing:
        note = f"{', '.join(missing)} is not open, or was arranged already"
        findings.append(error("ITEM_NOT_OPEN", "DocumentID", note))
    elif sum(Decimal(part["amount"]) for part in parts) != sum(is_open[one] for one in documents):
        findings.append(error("AMOUNT_MISMATCH", "Part", "The parts are not the sum of the items"))
    is_plan = wanted["TypeCode"] == "INSTALMENT_PLAN"
    if is_plan != (len(parts) > 1):
        note = "A deferral or a debit has one payment, a plan of instalments several"
        findings.append(error("WRONG_NUMBER_OF_PARTS", "Part", note))
    return findings


def _check_delay(office: Office, account: Row, parts: list[Row]) -> list[Finding]:
    today, findings = office.today(), []
    if statement(account, office.client.currency, today)["DunningLevel"] >= DUNNED_TOO_FAR:
        note = "Nothing is arranged any more: the final notice is out"
        findings.append(error("DUNNED_TOO_FAR", "ContractAccount", note))
    if date.fromisoformat(parts[0]["due"]) > today + timedelta(days=MOST_DAYS):
        note = f"A first payment can be put off by {MOST_DAYS} days at most"
        findings.append(error("TOO_LATE", "DueDate", note))
    return findings


def _check_debit(office: Office, account: Row, parts: list[Row]) -> list[Finding]:
    today, due = office.today(), date.fromisoformat(parts[0]["due"])
    findings = []
    if account["payment_method"] != "DIRECT_DEBIT" or not account["iban"]:
        note = "The contract account has no bank account that may be debited"
        findings.append(error("NO_BANK_ACCOUNT", "ContractAccount", note))
    if not today < due <= today + timedelta(days=MOST_DEBIT_DAYS):
        note = f"A debit is taken for tomorrow to {MOST_DEBIT_DAYS} days ahead"
        findings.append(error("DEBIT_DATE", "DueDate", note))
    return findings
