"""What the meters showed when a contract ended: kept with the devices, told to the ERP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from contracts.choices import EffectOutcome, ProcessEffect, Severity
from contracts.models import ContractItem, ContractProcess, ProcessItem
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.meters import reading_of, registers_at
from contracts.services.processes.shapes import Plan, ProcessRefused
from devices.choices import ReadingFinding
from devices.models import Register
from devices.services.final_reading import assess_final, keep_final, reject_final
from devices.services.reading_checks import ReadingRefused
from utilcrm import clock


def typed_readings(process: ContractProcess, item: ContractItem) -> Mapping[str, str]:
    """Return what a process says that the registers of an item showed, by their code."""
    readings: Mapping[str, Mapping[str, str]] = process.facts.get("readings") or {}
    return readings.get(str(item.uuid)) or {}


def read_on(process: ContractProcess) -> dt.date:
    """Return the day of a released process' readings: its own, or that of the release before it."""
    return _read_on(process.effective_on, process.released_at)


def _read_on(effective_on: dt.date | None, released_at: dt.datetime | None) -> dt.date:
    told_on = clock.local_date(released_at) if released_at else clock.today()
    return min(effective_on or told_on, told_on)


def field_of(item: ContractItem, code: str) -> str:
    """Return the name of the field in which a register's reading is typed."""
    return f"read_{item.pk}_{code}"


def check_readings(plan: Plan) -> list[Finding]:
    """Find readings that cannot be, and those that are odd; a clerk of the ERP looks at these."""
    findings = []
    for effect in plan.effects:
        typed = plan.readings.get(str(effect.item.uuid)) or {}
        try:
            findings += _check_item(effect.item, typed, _read_on(plan.effective_on, None))
        except ProcessRefused as exc:
            findings.append(Finding(exc.code, Severity.BLOCK, str(exc), field=exc.field))
    return findings


def _check_item(item: ContractItem, typed: Mapping[str, str], day: dt.date) -> list[Finding]:
    findings = []
    for register, value in _values(item, typed, day).items():
        field = field_of(item, register.code)
        try:
            [found] = assess_final(
                read_on=day, values={register: value}, annual_kwh=item.expected_annual_kwh
            ).values()
        except ReadingRefused as exc:
            findings.append(Finding("READING_INVALID", Severity.BLOCK, str(exc), field=field))
            continue
        if found.finding and found.previous:
            text = _("Register %(code)s: %(finding)s. It showed %(value)s before.") % {
                "code": register.code,
                "finding": ReadingFinding(found.finding).label,
                "value": f"{found.previous.value.normalize():f}",
            }
            findings.append(Finding("READING_ODD", Severity.WARN, text, field=field))
    return findings


def keep_readings(process: ContractProcess) -> None:
    """
    Keep the final readings of a process that was just released.

    :raises ProcessRefused: at its field, if a reading cannot be
    """
    day = read_on(process)
    for row in process.items.filter(effect=ProcessEffect.ENDS, outcome=EffectOutcome.PENDING):
        item = row.item
        for register, value in _values(item, typed_readings(process, item), day).items():
            try:
                keep_final(
                    read_on=day, values={register: value}, annual_kwh=item.expected_annual_kwh
                )
            except ReadingRefused as exc:
                raise ProcessRefused(
                    str(exc), code="READING_INVALID", field=field_of(item, register.code)
                ) from exc


def put_readings_back(row: ProcessItem) -> None:
    """Let the final readings of an item count no more: it goes on."""
    typed = typed_readings(row.process, row.item)
    if row.effect == ProcessEffect.ENDS and typed:
        values = {code: Decimal(value) for code, value in typed.items()}
        reject_final(pod=row.item.pod, read_on=read_on(row.process), values=values)


def _values(item: ContractItem, typed: Mapping[str, str], day: dt.date) -> dict[Register, Decimal]:
    if not typed:
        return {}
    there = {one.code: one for one in registers_at(item.pod, day)}
    found = {}
    for code, value in typed.items():
        field, register = field_of(item, code), there.get(code)
        if register is None:
            raise ProcessRefused(
                _("No meter with register %(code)s was there on that day.") % {"code": code},
                code="REGISTER_UNKNOWN",
                field=field,
            )
        found[register] = reading_of(value, digits=register.digits, field=field)
    return found
