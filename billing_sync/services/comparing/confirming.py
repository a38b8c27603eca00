"""Look at the few objects whose digests differ: value by value, both sides as they are now."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from billing_sync.choices import DifferenceKind, ObjectType
from billing_sync.gateway import replication
from billing_sync.gateway.changes import objects_by_keys
from billing_sync.gateway.client import ErpGateway
from billing_sync.gateway.pages import key_of
from billing_sync.services.comparing.ours import Ours, look_at_ours
from billing_sync.services.comparing.searching import Suspects
from billing_sync.services.comparing.theirs import values_of_theirs

_SIGNIFICANT_DIGITS = 8


@dataclass(frozen=True)
class Finding:
    """A difference that is real."""

    kind: str
    object_type: str
    erp_key: str
    field: str
    ours: str
    theirs: str
    subject_uuid: uuid.UUID | None = None
    account_id: int | None = None


def confirm(gateway: ErpGateway, suspects: Suspects) -> list[Finding]:
    """
    Return what differs indeed, with both values in words.

    What only looks different (a telephone written otherwise) and what has come into step
    meanwhile is left out, and so is what was changed here and is on its way.
    """
    object_type = suspects.object_type
    keys = sorted(suspects.kinds)
    theirs = {
        key_of(object_type, found): found for found in objects_by_keys(gateway, object_type, keys)
    }
    ours = look_at_ours(object_type, keys)
    findings: list[Finding] = []
    for key in keys:
        findings += _compare(object_type, key, ours.get(key), theirs.get(key))
    return findings


def _compare(
    object_type: str, key: str, own: Ours | None, found: Mapping[str, Any] | None
) -> list[Finding]:
    if own is None and found is None:
        return []
    if own is None:
        label = _label(object_type, found or {})
        return [Finding(DifferenceKind.MISSING_HERE, object_type, key, "", "", label)]
    if own.is_on_its_way:
        return []
    if found is None:
        return [
            Finding(
                DifferenceKind.MISSING_THERE,
                object_type,
                key,
                "",
                own.label,
                "",
                own.uuid,
                own.account_id,
            )
        ]
    return [
        Finding(
            value.kind,
            object_type,
            key,
            value.field,
            own.values.get(value.field, ""),
            value.text,
            own.uuid,
            own.account_id,
        )
        for value in values_of_theirs(object_type, found)
        if not _SAME.get(value.field, _equal)(own.values.get(value.field, ""), value.text)
    ]


def _equal(own: str, theirs: str) -> bool:
    return own == theirs


def _same_points(own: str, theirs: str) -> bool:
    """Tell whether the same telephones and addresses are meant, however they are written."""
    return _points(own) == _points(theirs)


def _points(text: str) -> set[str]:
    return {_point(point) for point in text.split(", ") if point}


def _point(text: str) -> str:
    if "@" in text:
        return text.strip().lower()
    return re.sub(r"\D", "", text)[-_SIGNIFICANT_DIGITS:]


def _same_identifier(own: str, theirs: str) -> bool:
    """Tell whether two market identifiers are the same without their separators."""
    return re.sub(r"\W", "", own).upper() == re.sub(r"\W", "", theirs).upper()


_SAME: dict[str, Callable[[str, str], bool]] = {
    "contact_points": _same_points,
    "external_id": _same_identifier,
    "iban": _same_identifier,
}


def _label(object_type: str, found: Mapping[str, Any]) -> str:
    """Return in a few words what an object of the ERP is."""
    if object_type == ObjectType.BUSINESS_PARTNER:
        row = replication.account_row(found)
        return row.organisation_name or f"{row.first_name} {row.last_name}".strip()
    names = ("ProductCode", "ExternalID", "SerialNumber", "StartDate", "BusinessPartnerID")
    return " ".join(str(found[name]) for name in names if found.get(name))
