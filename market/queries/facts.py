"""What a message says, as a person reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from market.choices import ClaimReason, EndReason, PlaceState
from market.models import RegisterMessage

_LABELS: dict[str, str | Promise] = {
    "starts_on": _("Start of supply"),
    "ends_on": _("First day without supply"),
    "changed_on": _("Day of the change"),
    "cut_on": _("Disconnect on"),
    "restored_on": _("Connected again on"),
    "read_on": _("Read on"),
    "reason": _("Reason"),
    "contract_number": _("Contract"),
    "expected_annual_kwh": _("Expected consumption per year (kWh)"),
    "serial": _("Meter"),
    "meter_serial": _("Meter"),
    "removed_serial": _("Removed meter"),
    "installed_serial": _("Installed meter"),
    "values": _("Meter readings"),
    "final_values": _("Final readings"),
    "initial_values": _("Initial readings"),
    "claim_id": _("Claim"),
    "notice_id": _("Advance notice"),
    "name": _("Customer"),
    "tax_id": _("Tax number"),
    "street": _("Street"),
    "house_number": _("House number"),
    "flat": _("Flat"),
    "postcode": _("Postcode"),
    "town": _("Town"),
    "country": _("Country"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "state": _("State"),
    "operator_name": _("Network operator"),
    "supplier_code": _("Supplier"),
    "is_restored": _("Connected again"),
}
_INSIDE = ("customer", "place")
"""What is said of a customer or of a place stands in line with the rest."""


def facts_of(message: RegisterMessage) -> list[tuple[str | Promise, str]]:
    """
    Return what a message says, as pairs of a name and a value, always in the same order.

    What is empty is left out.
    """
    return list(_facts(message.facts))


def _facts(told: dict[str, Any]) -> Iterator[tuple[str | Promise, str]]:
    inside = [value for name in _INSIDE if isinstance(value := told.get(name), dict)]
    for name, label in _LABELS.items():
        if (value := told.get(name)) not in (None, "", [], False):
            yield label, _shown(name, value)
    for one in inside:
        yield from _facts(one)


def _shown(name: str, value: Any) -> str:
    if name.endswith("_on"):
        return str(date_format(dt.date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    if name == "state":
        return str(_STATES.get(value, value))
    if name == "reason":
        return str(_REASONS.get(value, value))
    if isinstance(value, list):
        return ", ".join(f"{one['code']}: {one['value']} {one['unit']}" for one in value)
    return "✓" if value is True else str(value)


_STATES: dict[str, str | Promise] = dict(PlaceState.choices)
_REASONS: dict[str, str | Promise] = dict([*ClaimReason.choices, *EndReason.choices])
