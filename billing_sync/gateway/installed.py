"""The ERP's installations and devices as rows for the loading services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from billing_sync.gateway.replication import Unreadable
from devices.services.loading import (
    DeviceRow,
    InstallationRow,
    PlacementRow,
    ReadingRow,
    RegisterRow,
)


def installation_row(found: Mapping[str, Any]) -> InstallationRow:
    """Return an installation."""
    return InstallationRow(
        erp_number=found["InstallationID"],
        pod_erp_number=found["PointOfDeliveryID"],
        role=found["RoleCode"],
        rate_category=found.get("RateCategoryCode", ""),
        valid_from=_day(found, "ValidFrom"),
        valid_to=_day_or_none(found, "ValidTo"),
    )


def device_row(found: Mapping[str, Any]) -> DeviceRow:
    """Return a device with its places, registers and readings; one in stock has no place."""
    return DeviceRow(
        erp_number=found["DeviceID"],
        serial_number=found["SerialNumber"],
        division=found["DivisionCode"],
        rate=found["RateCode"],
        material=found.get("MaterialCode", ""),
        manufacturer=found.get("ManufacturerName", ""),
        certified_until=_day_or_none(found, "CertifiedUntilDate"),
        placements=tuple(_placement(place) for place in found.get("Placement", ())),
        registers=tuple(_register(register) for register in found.get("Register", ())),
    )


def _placement(found: Mapping[str, Any]) -> PlacementRow:
    return PlacementRow(
        pod_erp_number=found["PointOfDeliveryID"],
        logical_number=found["LogicalDeviceNumber"],
        technical_from=_day(found, "TechnicalFrom"),
        technical_to=_day_or_none(found, "TechnicalTo"),
        billing_from=_day_or_none(found, "BillingFrom"),
        billing_to=_day_or_none(found, "BillingTo"),
    )


def _register(found: Mapping[str, Any]) -> RegisterRow:
    latest = found.get("Reading")
    readings = [*found.get("FormerReading", ()), *([latest] if latest else [])]
    return RegisterRow(
        code=found["RegisterID"],
        rate_type=found["RateTypeCode"],
        unit=found["UnitCode"],
        digits=int(found["Digits"]),
        decimals=int(found["Decimals"]),
        factor=_number(found, "Factor"),
        readings=tuple(
            ReadingRow(
                read_on=_day(reading, "Date"),
                value=_number(reading, "Value"),
                reason=reading.get("ReasonCode") or "PERIODIC",
            )
            for reading in readings
        ),
    )


def _day(found: Mapping[str, Any], name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(found[name])
    except ValueError as exc:
        raise Unreadable(name, f"{found[name]!r} is not a date.") from exc


def _day_or_none(found: Mapping[str, Any], name: str) -> dt.date | None:
    return _day(found, name) if found.get(name) else None


def _number(found: Mapping[str, Any], name: str) -> Decimal:
    try:
        return Decimal(found[name])
    except InvalidOperation as exc:
        raise Unreadable(name, f"{found[name]!r} is not a number.") from exc
