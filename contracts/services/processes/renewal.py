"""A new fixed term with the prices of its first day, from the end of the old term on."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from contracts.choices import ProcessEffect, ProcessKind, Severity
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import shown, term_end
from contracts.services.processes.drafting import start_process
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.releasing import release
from contracts.services.processes.shapes import Effect, Plan, ProcessRefused
from contracts.services.processes.terms import (
    as_prices,
    list_prices,
    product_named,
    supplies_of,
    why_no_supply,
)
from utilcrm import clock

DAYS_AHEAD = 90
"""A term is renewed at most so many days before it ends."""


def renews_from(item: ContractItem) -> dt.date | None:
    """Return the first day of the next term: when the old one ends, today if it is over."""
    end = term_end(item)
    return max(end, clock.today()) if end is not None else None


def renew(*, contract: Contract, term_months: int, actor: User) -> ContractProcess:
    """
    Renew a contract with one click: the same product, the list's prices of the first day.

    :raises ProcessRefused: if something stands against it
    """
    process = start_process(
        kind=ProcessKind.RENEWAL, account=contract.account, contract=contract, actor=actor
    )
    facts = {"term_months": str(term_months)}
    return release(process=process, facts=facts, version=None, actor=actor)


def _build(process: ContractProcess, facts: Facts) -> Plan:
    months = str(facts.get("term_months") or "")
    if not months.isdigit():
        raise ProcessRefused(_("Choose a term."), code="TERM_MISSING", field="term_months")
    items = supplies_of(process, facts)
    days = [day for item in items if (day := renews_from(item)) is not None]
    if not days:
        raise ProcessRefused(_("No fixed term was agreed."), code="TERM_MISSING")
    day = min(days)
    effects = []
    for item in items:
        product = product_named(item.product.code if item.product else "", field="term_months")
        start = renews_from(item) or day
        lines = list_prices(item, product, term_months=int(months), day=start, field="term_months")
        after = {
            "term_months": int(months),
            "fixed_from": start.isoformat(),
            "prices": as_prices(lines),
            "discount_percent": "0.00",
        }
        effects.append(Effect(item, ProcessEffect.CHANGES, after))
    return Plan(
        effective_on=day,
        effects=tuple(effects),
        reason=_("%(months)s months from %(day)s") % {"months": months, "day": shown(day)},
    )


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    latest = clock.today() + dt.timedelta(days=DAYS_AHEAD)
    if plan.effective_on > latest:
        return [
            Finding(
                "RENEWAL_TOO_EARLY",
                Severity.BLOCK,
                _("The present term ends on %(day)s; it can be renewed %(days)s days before.")
                % {"day": shown(plan.effective_on), "days": DAYS_AHEAD},
            )
        ]
    return []


def _why_not(contract: Contract) -> str:
    why = why_no_supply(contract)
    if why:
        return why
    items = contract.items.filter(role="SUPPLY", ends_on__isnull=True)
    days = [day for item in items if (day := renews_from(item)) is not None]
    if not days:
        return _("No fixed term was agreed.")
    if min(days) > clock.today() + dt.timedelta(days=DAYS_AHEAD):
        return _("Its term is fixed until %(day)s; too early to renew.") % {"day": shown(min(days))}
    return ""


register(
    Kind(
        code=ProcessKind.RENEWAL,
        title=gettext_lazy("Renewal"),
        intro=gettext_lazy("A new term with the prices of its first day, from the end of the old."),
        steps=(Step("term", gettext_lazy("New term")),),
        permission="contracts.change_contract_terms",
        build=_build,
        check=_check,
        possible=_why_not,
        reason_code="RENEWAL",
        icon="retry",
        undoable=True,
        order=45,
        submit_label=gettext_lazy("Renew the contract"),
    )
)
