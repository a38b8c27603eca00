"""What the ERP would say to the contracts that a process begins, asked before the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from contracts.models import ContractProcess
from contracts.services.preflight.checks import check_products
from contracts.services.preflight.running import ask_providers
from contracts.services.preflight.shapes import (
    Finding,
    PreflightItem,
    PreflightPrice,
    PreflightRegister,
    PreflightSubject,
)
from contracts.services.processes.opening_prices import opening_prices
from contracts.services.processes.registry import kind_of
from contracts.services.processes.shapes import NewItem, ProcessRefused
from premises.models import PointOfDelivery


def ask_ahead(process: ContractProcess, facts: Mapping[str, Any]) -> list[Finding]:
    """
    Ask what would fail if the process were released now; may take seconds, and never raises.

    What begins at a point of delivery where the same process ends something is left out: the ERP,
    asked about one contract at a time, would find the place taken.
    """
    try:
        plan = kind_of(process).build(process, facts)
    except ProcessRefused:
        return []
    left = {effect.item.pod_id for effect in plan.effects}
    new = [one for one in plan.starts if one.pod.pk not in left]
    if not new:
        return []
    first = new[0]
    subject = PreflightSubject(
        account=first.account or process.account,
        business_agreement=first.agreement or first.like.contract.business_agreement,
        items=tuple(_item(one) for one in new),
    )
    return [*check_products(subject), *ask_providers(subject)]


def _item(new: NewItem) -> PreflightItem:
    like, meter = new.like, new.meter
    pod = PointOfDelivery.objects.select_related("premise__connection_object").get(pk=new.pod.pk)
    return PreflightItem(
        role=like.role,
        pod=pod,
        provider=like.service_provider,
        division=like.division,
        product=like.offer,
        term_months=new.changes.get("term_months", like.term_months),
        starts_on=new.starts_on,
        move_in=new.move_in,
        expected_annual_kwh=like.expected_annual_kwh,
        meter_serial=meter.serial if meter else like.meter_serial,
        rate=meter.rate if meter else like.rate,
        prices=tuple(_prices(new)),
        registers=tuple(
            PreflightRegister(
                code=one.code,
                rate_type=one.rate_type,
                unit=one.unit,
                digits=one.digits,
                decimals=one.decimals,
                factor=one.factor,
                move_in_reading=one.reading,
            )
            for one in (meter.registers if meter else ())
        ),
    )


def _prices(new: NewItem) -> Iterable[PreflightPrice]:
    if new.prices is None:
        for row in opening_prices(new):
            yield PreflightPrice(row["component"], row["rate_type"], row["agreed_amount"])
        return
    for price in new.prices:
        yield PreflightPrice(
            price["component"], price["rate_type"], Decimal(price["agreed_amount"])
        )
