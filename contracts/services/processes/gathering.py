"""Premises split out of a contract, and contracts joined into one: neither gap nor overlap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import EndReason, ProcessEffect, ProcessKind, Severity
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import day_of, shown
from contracts.services.processes.live import contract_of, items_to_end, live_items, why_no_end
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import Effect, NewItem, Plan, ProcessRefused
from contracts.services.processes.terms import (
    as_prices,
    check_change,
    list_prices,
    product_named,
)

FIELD = "from_day"
OWN, INHERITED = "OWN", "INHERITED"


def premises_of(items: Iterable[ContractItem]) -> dict[str, list[ContractItem]]:
    """Return items by the UUID of their premise, in their order."""
    found: dict[str, list[ContractItem]] = {}
    for item in items:
        found.setdefault(str(item.pod.premise.uuid), []).append(item)
    return found


def main_item(contract: Contract) -> ContractItem | None:
    """Return the item from which the others inherit product, term and prices: the first."""
    return next(iter(live_items(contract, roles=["SUPPLY"])), None)


def _split(process: ContractProcess, facts: Facts) -> Plan:
    day = day_of(facts, FIELD, label=_("First day of the new contract"))
    by_premise = premises_of(items_to_end(process, contract_of(process)))
    wanted = [str(one) for one in facts.get("premises") or ()]
    leaving = [item for one in wanted for item in by_premise.get(one, ())]
    if not leaving:
        raise ProcessRefused(
            _("Choose at least one premise."), code="ITEM_MISSING", field="premises"
        )
    return Plan(
        effective_on=day,
        effects=_ends(leaving, day, EndReason.SPLIT),
        starts=tuple(NewItem(like=item, starts_on=day, pod=item.pod) for item in leaving),
        reason=_("Split out of contract %(number)s") % {"number": contract_of(process).number},
        code="ALL" if len(wanted) >= len(by_premise) else "",
    )


def _join(process: ContractProcess, facts: Facts) -> Plan:
    day = day_of(facts, FIELD, label=_("First day in the joint contract"))
    into = contract_of(process)
    wanted = [str(one) for one in facts.get("contracts") or ()]
    others = list(
        Contract.objects.filter(account=process.account, uuid__in=wanted)
        .exclude(pk=into.pk)
        .order_by("pk")
    )
    coming = [item for other in others for item in items_to_end(process, other)]
    if not coming:
        raise ProcessRefused(
            _("Choose at least one contract to join."), code="CONTRACT_MISSING", field="contracts"
        )
    main = main_item(into) if facts.get("terms") == INHERITED else None
    return Plan(
        effective_on=day,
        effects=_ends(coming, day, EndReason.JOIN),
        starts=tuple(_joined(item, into, day, main) for item in coming),
        reason=_("Joined into contract %(number)s") % {"number": into.number},
    )


def _ends(items: list[ContractItem], day: dt.date, why: EndReason) -> tuple[Effect, ...]:
    after = {"ends_on": day.isoformat(), "end_reason": why.value}
    return tuple(Effect(item, ProcessEffect.ENDS, after) for item in items)


def _joined(item: ContractItem, into: Contract, day: dt.date, main: ContractItem | None) -> NewItem:
    """Return an item under its own terms, or under the main item's if there is one to inherit."""
    plain = NewItem(like=item, starts_on=day, pod=item.pod, contract=into)
    if main is None or item.role != main.role or main.product is None or not main.term_months:
        return plain
    product = product_named(main.product.code, field="terms")
    lines = list_prices(
        item,
        product,
        term_months=main.term_months,
        day=day,
        discount=main.discount_percent,
        field="terms",
    )
    return NewItem(
        like=item,
        starts_on=day,
        pod=item.pod,
        contract=into,
        changes={
            "product": product,
            "product_name": product.name,
            "term_months": main.term_months,
            "discount_percent": main.discount_percent,
        },
        prices=tuple(as_prices(lines)),
    )


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    findings = check_change(plan, field=FIELD)
    if findings:
        return findings
    if plan.code == "ALL":
        return [
            Finding(
                "NOTHING_LEFT",
                Severity.BLOCK,
                _("At least one premise has to stay in the contract."),
                field="premises",
            )
        ]
    late = next((e.item for e in plan.effects if e.item.starts_on >= plan.effective_on), None)
    if late is not None:
        return [
            Finding(
                "END_BEFORE_START",
                Severity.BLOCK,
                _("The supply of %(place)s begins on %(day)s only.")
                % {"place": late.pod.premise.address_line, "day": shown(late.starts_on)},
                field=FIELD,
            )
        ]
    return []


def _why_no_split(contract: Contract) -> str:
    why = why_no_end(contract)
    if not why and len(premises_of(live_items(contract))) < 2:
        return _("It is about one premise only.")
    return why


def joinable(contract: Contract) -> list[Contract]:
    """Return the account's other contracts of the same division that have something to join."""
    rows = _beside(contract).order_by("number")[:40]
    return [one for one in rows if not why_no_end(one)]


def _beside(contract: Contract) -> QuerySet[Contract]:
    main = main_item(contract)
    if main is None:
        return Contract.objects.none()
    return (
        Contract.objects.filter(
            account=contract.account_id,
            items__division=main.division,
            items__status="COMPLETED",
            items__ends_on__isnull=True,
        )
        .exclude(pk=contract.pk)
        .distinct()
    )


def _why_no_join(contract: Contract) -> str:
    why = why_no_end(contract)
    if not why and not _beside(contract).exists():
        return _("The customer has no other contract of this division.")
    return why


register(
    Kind(
        code=ProcessKind.SPLIT,
        title=gettext_lazy("Split out a premise"),
        intro=gettext_lazy("The premise gets a contract of its own from a day on, without a gap."),
        steps=(Step("split", gettext_lazy("Premises and date")),),
        permission="contracts.change_contract_terms",
        build=_split,
        check=_check,
        possible=_why_no_split,
        reason_code="TERMS",
        icon="contract",
        order=60,
        submit_label=gettext_lazy("Split out"),
    )
)
register(
    Kind(
        code=ProcessKind.JOIN,
        title=gettext_lazy("Join contracts"),
        intro=gettext_lazy("The premises of other contracts go on in this one, without a gap."),
        steps=(Step("join", gettext_lazy("Contracts and date")),),
        permission="contracts.change_contract_terms",
        build=_join,
        check=_check,
        possible=_why_no_join,
        reason_code="TERMS",
        icon="contract",
        order=61,
        submit_label=gettext_lazy("Join"),
    )
)
