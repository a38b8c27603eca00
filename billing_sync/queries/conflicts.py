"""Fields that say something else here than in the ERP, as people read them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing_sync.choices import ConflictStatus, ObjectType
from billing_sync.models import SyncConflict
from events.queries import describe_value

_MODELS: dict[str, str] = {
    ObjectType.BUSINESS_PARTNER: "accounts.Account",
    ObjectType.CONTRACT_ACCOUNT: "accounts.BusinessAgreement",
    ObjectType.CONNECTION_OBJECT: "premises.ConnectionObject",
    ObjectType.PREMISE: "premises.Premise",
    ObjectType.POINT_OF_DELIVERY: "premises.PointOfDelivery",
    ObjectType.DEVICE_INFO_RECORD: "devices.DeviceInfoRecord",
    ObjectType.DEVICE: "devices.Device",
    ObjectType.CONTRACT: "contracts.ContractItem",
}
_LABELS = {
    "contact_points": gettext_lazy("Telephone and e-mail"),
    "business_agreement": gettext_lazy("Business agreement"),
    "account": gettext_lazy("Account"),
    "pod": gettext_lazy("Point of delivery"),
    "premise": gettext_lazy("Premise"),
    "connection_object": gettext_lazy("Building"),
}


@dataclass(frozen=True)
class Side:
    """One system's value, when it was written and by whom."""

    value: str
    at: dt.datetime | None
    by: str
    is_owner: bool


@dataclass(frozen=True)
class ConflictView:
    """A conflict with both sides next to each other."""

    conflict: SyncConflict
    label: str
    base: str
    ours: Side
    theirs: Side


def open_conflicts(user: Any) -> QuerySet[SyncConflict]:
    """Return the open conflicts about customers that a person may see."""
    return (
        SyncConflict.objects.visible_to(user)
        .filter(status=ConflictStatus.OPEN)
        .select_related("account")
    )


def conflicts_of(account_id: int) -> list[SyncConflict]:
    """Return the open conflicts of an account that was loaded by a person who may see it."""
    return list(
        SyncConflict.objects.filter(account_id=account_id, status=ConflictStatus.OPEN).order_by(
            "pk"
        )
    )


def view_of(conflict: SyncConflict) -> ConflictView:
    """Return a conflict as the screen shows it."""
    object_type, field = conflict.object_type, conflict.field
    return ConflictView(
        conflict=conflict,
        label=field_label(object_type, field),
        base=value_label(object_type, field, conflict.base),
        ours=Side(
            value_label(object_type, field, conflict.ours),
            conflict.our_at,
            conflict.our_by,
            not conflict.suggests_theirs,
        ),
        theirs=Side(
            value_label(object_type, field, conflict.theirs),
            conflict.their_at,
            conflict.their_by,
            conflict.suggests_theirs,
        ),
    )


def field_label(object_type: str, field: str) -> str:
    """Return a field's name as people read it."""
    if not field:
        return ""
    if field in _LABELS:
        return str(_LABELS[field])
    model = apps.get_model(_MODELS[object_type])
    names = {one.name for one in model._meta.get_fields()}
    if field not in names:
        return {"valid_from": _("Valid from"), "valid_to": _("Valid to")}.get(field, field)
    return str(getattr(model._meta.get_field(field), "verbose_name", field))


def value_label(object_type: str, field: str, text: str) -> str:
    """Return a value as people read it: codes in words, dates in the local form."""
    if field and field not in _LABELS:
        model = apps.get_model(_MODELS[object_type])
        found = next((one for one in model._meta.concrete_fields if one.name == field), None)
        words = {str(code): str(word) for code, word in getattr(found, "flatchoices", ())}
        if text in words:
            return words[text]
        if text in {"true", "false"}:
            return str(_("yes") if text == "true" else _("no"))
    return describe_value(text)
