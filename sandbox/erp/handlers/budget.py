"""Plans of instalments."""

from datetime import date
from decimal import Decimal

from sandbox.erp.budget import Plan, plan_of
from sandbox.erp.findings import Finding, error, failed
from sandbox.erp.handlers.outcome import Data, Outcome
from sandbox.erp.office import Office


def change_budget_plan(office: Office, wanted: Data) -> Outcome:
    """Change the monthly amount from an instalment on; the bills already written stay."""
    outcome = Outcome("BUDGET_BILLING_PLAN", wanted["ExternalReference"])
    account = office.find("contract_account", wanted["ContractAccount"])
    plan = plan_of(office, account) if account else None
    if account is None or plan is None:
        note = "The contract account has nothing to plan instalments for"
        outcome.findings = [error("PLAN_MISSING", "ContractAccount", note)]
        return outcome
    outcome.keys["InternalID"] = account["id"]
    outcome.findings = _check(plan, wanted)
    if not failed(outcome.findings):
        office.store.update(
            "contract_account",
            account["id"],
            budget_billing=1,
            budget_amount=int(Decimal(wanted["Amount"]).scaleb(2)),
            budget_from=wanted["ValidFrom"],
        )
        outcome.effect = "changed"
    return outcome


def _check(plan: Plan, wanted: Data) -> list[Finding]:
    amount = Decimal(wanted["Amount"])
    findings = []
    if wanted["CurrencyCode"] != plan.currency:
        note = f"The plan is in {plan.currency}"
        findings.append(error("CURRENCY_MISMATCH", "CurrencyCode", note))
    if not plan.least <= amount <= plan.most:
        note = f"{amount} is not between {plan.least} and {plan.most}"
        findings.append(error("AMOUNT_OUT_OF_RANGE", "Amount", note))
    elif amount % plan.step:
        note = f"{amount} is no multiple of {plan.step}"
        findings.append(error("AMOUNT_NOT_A_STEP", "Amount", note))
    if date.fromisoformat(wanted["ValidFrom"]) < plan.next_due:
        note = f"The first instalment that can be changed is due on {plan.next_due}"
        findings.append(error("INSTALMENT_FIXED", "ValidFrom", note))
    return findings
