"""The strip as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from contracts.choices import ContractSource, ContractStatus
from contracts.models import Contract
from contracts.queries.journey import after_erp, before_erp, in_erp
from contracts.queries.journey.facts import facts_of
from utilcrm.web.workbench import JourneyStage


def journey(contract: Contract) -> list[JourneyStage]:
    """Return the stages of a contract's journey, as far as they are part of the product."""
    items = sorted(contract.items.prefetch_related("steps"), key=lambda one: one.position)
    stages: list[JourneyStage] = []
    if contract.source == ContractSource.CRM:
        stages += [before_erp.order(contract), before_erp.signature(contract)]
    if contract.status == ContractStatus.CANCELLED:
        return [*stages, after_erp.cancelled(contract)]
    facts = facts_of(contract) if contract.is_signed else []
    stages.append(before_erp.crm(contract, items))
    stages.append(in_erp.master_data(contract, [fact for fact in facts if not fact.item_uuid]))
    for item in items:
        own = [fact for fact in facts if fact.item_uuid == str(item.uuid)]
        stages.append(in_erp.set_up(contract, item, own, is_only=len(items) == 1))
    if contract.is_taken_over:
        # What was done before it came here, nobody here waits for.
        return [*stages, *after_erp.stages_above(contract)]
    stages.append(after_erp.welcome(contract))
    return [*stages, *after_erp.later(contract)]


def is_over(contract: Contract) -> bool:
    """Tell whether nothing on the strip moves by itself any more."""
    if contract.status in {ContractStatus.CANCELLED, ContractStatus.ENDED}:
        return True
    if contract.status != ContractStatus.ACTIVE:
        return False
    if contract.is_taken_over:
        return True
    return after_erp.is_welcomed(contract)


def fingerprint(stages: Iterable[JourneyStage]) -> str:
    """Return a short text that differs when anything on the strip does."""
    return hashlib.sha256(repr(list(stages)).encode()).hexdigest()[:16]
