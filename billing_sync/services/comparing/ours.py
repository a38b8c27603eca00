"""Our records behind some keys, value by value, for the comparison of what seems to differ."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from billing_sync.choices import ERP, ConflictStatus, ObjectType
from billing_sync.models import SyncConflict
from contracts.choices import EffectOutcome
from contracts.models import ProcessItem
from events.choices import DeliveryState
from events.models import Delivery


class Ours(NamedTuple):
    """A record here: what it is called, whose it is, and its values as texts."""

    uuid: uuid.UUID
    label: str
    account_id: int | None
    is_on_its_way: bool
    values: dict[str, str]


class _Look(NamedTuple):
    label: str
    account: str
    source: str
    values: dict[str, str]
    is_open: str = "false"


def _columns(*names: str) -> dict[str, str]:
    return {name: f"t.{name}" for name in names}


_POINTS = """
    (SELECT string_agg(p.value, ', ' ORDER BY p.kind, p.value)
     FROM accounts_contactpoint p WHERE p.account_id = t.id)
"""
_LOOKS: dict[str, _Look] = {
    ObjectType.BUSINESS_PARTNER: _Look(
        "coalesce(nullif(t.organisation_name, ''), trim(t.first_name || ' ' || t.last_name))",
        "t.id",
        "accounts_account t",
        _columns(
            "kind", "first_name", "last_name", "organisation_name", "street", "house_number",
            "flat", "postcode", "town", "country",
        )
        | {"contact_points": _POINTS},
    ),
    ObjectType.CONTRACT_ACCOUNT: _Look(
        "t.number",
        "t.account_id",
        "accounts_businessagreement t JOIN accounts_account a ON a.id = t.account_id",
        {"account": "a.erp_number"} | _columns("payment_method", "iban", "invoice_delivery"),
    ),
    ObjectType.CONNECTION_OBJECT: _Look(
        "t.street || ' ' || t.house_number",
        "NULL::bigint",
        "premises_connectionobject t",
        _columns("street", "house_number", "postcode", "town", "country"),
    ),
    ObjectType.PREMISE: _Look(
        "trim(t.flat || ' ' || t.floor)",
        "NULL::bigint",
        "premises_premise t JOIN premises_connectionobject b ON b.id = t.connection_object_id",
        {"connection_object": "b.erp_number"} | _columns("flat", "floor"),
    ),
    ObjectType.POINT_OF_DELIVERY: _Look(
        "t.external_id",
        "NULL::bigint",
        "premises_pointofdelivery t JOIN premises_premise q ON q.id = t.premise_id",
        {"premise": "q.erp_number"} | _columns("external_id", "division"),
    ),
    ObjectType.DEVICE_INFO_RECORD: _Look(
        "t.serial_number",
        "NULL::bigint",
        "devices_deviceinforecord t JOIN premises_pointofdelivery d ON d.id = t.pod_id",
        {"pod": "d.erp_number"} | _columns("serial_number", "valid_from", "valid_to"),
    ),
    ObjectType.DEVICE: _Look(
        "t.serial_number",
        "NULL::bigint",
        "devices_device t LEFT JOIN LATERAL (SELECT * FROM devices_deviceinstallation n"
        " WHERE n.device_id = t.id ORDER BY n.technical_from DESC LIMIT 1) i ON true"
        " LEFT JOIN premises_pointofdelivery d ON d.id = i.pod_id",
        {
            "pod": "d.erp_number",
            "serial_number": "t.serial_number",
            "valid_from": "i.technical_from",
            "valid_to": "i.technical_to",
        },
    ),
    ObjectType.CONTRACT: _Look(
        "c.number",
        "c.account_id",
        "contracts_contractitem t JOIN contracts_contract c ON c.id = t.contract_id"
        " LEFT JOIN accounts_businessagreement b ON b.id = c.business_agreement_id"
        " JOIN premises_pointofdelivery d ON d.id = t.pod_id"
        " LEFT JOIN products_product p ON p.id = t.product_id"
        " LEFT JOIN products_gridtariff g ON g.id = t.grid_tariff_id",
        {
            "business_agreement": "b.erp_number",
            "pod": "d.erp_number",
            "role": "t.role",
            "starts_on": "t.starts_on",
            "ends_on": "t.ends_on",
            "product_name": "coalesce(p.code, g.code, t.product_name)",
        },
        is_open="t.status NOT IN ('COMPLETED', 'ENDED')",
    ),
}  # fmt: skip


def look_at_ours(object_type: str, keys: Iterable[str]) -> dict[str, Ours]:
    """Return our records of some keys as they are now."""
    look = _LOOKS[object_type]
    values = ", ".join(f"coalesce({sql}::text, '')" for sql in look.values.values())
    head = f"t.erp_number, t.uuid, {look.label}, {look.account}, {look.is_open}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {head}, {values} FROM {look.source}"  # noqa: S608
            " WHERE t.erp_number = ANY(%s)",
            [list(keys)],
        )
        rows = cursor.fetchall()
    moving = _on_their_way(object_type, [row[1] for row in rows])
    return {
        row[0]: Ours(
            row[1],
            row[2] or "",
            row[3],
            row[4] or row[1] in moving,
            dict(zip(look.values, row[5:], strict=True)),
        )
        for row in rows
    }


def _on_their_way(object_type: str, subjects: list[uuid.UUID]) -> set[uuid.UUID]:
    """Return which records a message about waits for the ERP, or that wait for a decision."""
    wanted = {str(one) for one in subjects}
    waiting = Delivery.objects.filter(
        destination=ERP,
        state__in=[DeliveryState.PENDING, DeliveryState.AWAITING, DeliveryState.PARKED],
    ).values_list("payload__subject_uuid", flat=True)
    moving = {uuid.UUID(one) for one in waiting.iterator() if one in wanted}
    moving |= set(
        SyncConflict.objects.filter(
            object_type=object_type, subject_uuid__in=subjects, status=ConflictStatus.OPEN
        ).values_list("subject_uuid", flat=True)
    )
    if object_type == ObjectType.CONTRACT:
        moving |= set(
            ProcessItem.objects.filter(
                item__uuid__in=subjects, outcome=EffectOutcome.PENDING
            ).values_list("item__uuid", flat=True)
        )
    return moving
