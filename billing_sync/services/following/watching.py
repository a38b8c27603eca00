"""How the records behind some objects of the ERP are now, field by field, in one query a type."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_noop

from billing_sync.choices import ObjectType
from utilcrm import clock


class Seen(NamedTuple):
    """A record, whose customer it belongs to, and the watched values: all but the key as texts."""

    subject_id: int
    subject_uuid: str
    label: str
    account_uuid: str | None
    values: tuple[str, ...]


class Extra(NamedTuple):
    """A watched value that is no column: its name, its label, and the SQL that makes it."""

    name: str
    label: str
    sql: str


@dataclass(frozen=True)
class Watch:
    """Which record a type of object becomes, and the fields that people are told of."""

    subject: str
    noun: str
    columns: tuple[str, ...]
    # the label and the account of the row `t`, and the table with what it is joined to
    label: str
    account: str
    source: str
    extras: tuple[Extra, ...] = ()

    @property
    def model(self) -> Any:
        """The model of the record."""
        return apps.get_model(self.subject)

    @functools.cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of the values, in their order."""
        return (*self.columns, *(extra.name for extra in self.extras))

    @functools.cached_property
    def statement(self) -> str:
        """The query, with a parameter for the keys."""
        values = [f"coalesce(t.{column}::text, '')" for column in self.columns]
        values += [f"coalesce({extra.sql}, '')" for extra in self.extras]
        head = f"t.erp_number, t.id, t.uuid::text, {self.label}, ({self.account})::text"
        told = ", ".join([head, *values])
        # without the second condition no index of ERP numbers is of use
        found = "t.erp_number = ANY(%(keys)s) AND t.erp_number <> ''"
        return f"SELECT {told} FROM {self.source} WHERE {found}"  # noqa: S608


_CUSTOMER = """
    (SELECT customer.uuid FROM contracts_contractitem supplied
     JOIN contracts_contract held ON held.id = supplied.contract_id
     JOIN accounts_account customer ON customer.id = held.account_id
     WHERE supplied.pod_id = {pod} AND supplied.status IN ('COMPLETED', 'ACCEPTED', 'CONFLICT')
        AND (supplied.ends_on IS NULL OR supplied.ends_on > %(today)s)
     ORDER BY supplied.starts_on DESC LIMIT 1)
"""
_READINGS = """
    (SELECT string_agg(x.told, ', ' ORDER BY x.code) FROM (
        SELECT DISTINCT ON (r.id) r.code,
            r.code || ' ' || trim_scale(m.value) || ' (' || m.read_on || ')' AS told
        FROM devices_register r JOIN devices_meterreading m ON m.register_id = r.id
        WHERE r.{owner} = t.id
        ORDER BY r.id, m.read_on DESC, m.id DESC) x)
"""
_CONTACTS = """
    (SELECT string_agg(p.display, ', ' ORDER BY p.kind, p.value)
     FROM accounts_contactpoint p WHERE p.account_id = t.id)
"""
_METER = Watch(
    "devices.DeviceInfoRecord",
    "devices.device",
    ("serial_number", "rate", "valid_from", "valid_to"),
    label="t.serial_number",
    account=_CUSTOMER.format(pod="t.pod_id"),
    source="devices_deviceinforecord t",
    extras=(
        Extra(
            "readings", gettext_noop("Readings"), _READINGS.format(owner="device_info_record_id")
        ),
    ),
)
_DEVICE = Watch(
    "devices.Device",
    "devices.device",
    ("serial_number", "rate"),
    label="t.serial_number",
    account=_CUSTOMER.format(pod="i.pod_id"),
    source="devices_device t LEFT JOIN LATERAL (SELECT * FROM devices_deviceinstallation n"
    " WHERE n.device_id = t.id ORDER BY n.technical_from DESC LIMIT 1) i ON true",
    extras=(
        Extra("technical_from", gettext_noop("Installed on"), "i.technical_from::text"),
        Extra("technical_to", gettext_noop("Removed on"), "i.technical_to::text"),
        Extra("billing_from", gettext_noop("Billed from"), "i.billing_from::text"),
        Extra("readings", gettext_noop("Readings"), _READINGS.format(owner="device_id")),
    ),
)

WATCHES: dict[str, Watch] = {
    ObjectType.BUSINESS_PARTNER: Watch(
        "accounts.Account",
        "accounts.account",
        (
            "title", "first_name", "last_name", "organisation_name", "birth_date", "tax_id",
            "language", "street", "house_number", "flat", "postcode", "town",
        ),
        label="CASE WHEN t.kind = 'ORGANISATION' THEN t.organisation_name"
        " ELSE trim(t.first_name || ' ' || t.last_name) END",
        account="t.uuid",
        source="accounts_account t",
        extras=(Extra("contact_points", gettext_noop("Telephone and e-mail"), _CONTACTS),),
    ),
    ObjectType.CONTRACT_ACCOUNT: Watch(
        "accounts.BusinessAgreement",
        "accounts.agreement",
        (
            "payment_method", "iban", "account_holder", "bank_name", "invoice_delivery",
            "language", "dunning_procedure", "budget_billing",
        ),
        label="t.number",
        account="a.uuid",
        source="accounts_businessagreement t JOIN accounts_account a ON a.id = t.account_id",
    ),
    ObjectType.CONNECTION_OBJECT: Watch(
        "premises.ConnectionObject",
        "premises.connection_object",
        ("street", "house_number", "postcode", "town"),
        label="t.street || ' ' || t.house_number",
        account="NULL::uuid",
        source="premises_connectionobject t",
    ),
    ObjectType.PREMISE: Watch(
        "premises.Premise",
        "premises.premise",
        ("flat", "floor", "kind"),
        label="t.erp_number",
        account="NULL::uuid",
        source="premises_premise t",
    ),
    ObjectType.POINT_OF_DELIVERY: Watch(
        "premises.PointOfDelivery",
        "premises.point_of_delivery",
        ("external_id", "valid_to"),
        label="t.external_id",
        account=_CUSTOMER.format(pod="t.id"),
        source="premises_pointofdelivery t",
    ),
    ObjectType.DEVICE_INFO_RECORD: _METER,
    ObjectType.DEVICE: _DEVICE,
    ObjectType.CONTRACT: Watch(
        "contracts.ContractItem",
        "contracts.item",
        ("starts_on", "ends_on", "product_name", "expected_annual_kwh", "status"),
        label="c.number",
        account="a.uuid",
        source="contracts_contractitem t JOIN contracts_contract c ON c.id = t.contract_id"
        " JOIN accounts_account a ON a.id = c.account_id"
        " LEFT JOIN accounts_businessagreement b ON b.id = c.business_agreement_id",
        extras=(Extra("business_agreement", gettext_noop("Business agreement"), "b.number"),),
    ),
}  # fmt: skip


def look(object_type: str, keys: Iterable[str]) -> dict[str, Seen]:
    """Return the records of some keys as they are now, by the ERP's key."""
    watch = WATCHES.get(object_type)
    if watch is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(watch.statement, {"keys": list(keys), "today": clock.today()})
        rows = cursor.fetchall()
    return {row[0]: Seen(row[1], row[2], row[3], row[4], tuple(row[5:])) for row in rows}


@functools.cache
def label_of(object_type: str, field: str) -> str:
    """Return a field's name in English, the language of our source texts."""
    watch = WATCHES[object_type]
    for extra in watch.extras:
        if extra.name == field:
            return extra.label
    with translation.override("en"):
        return str(watch.model._meta.get_field(field).verbose_name)


@functools.cache
def words_of(object_type: str, field: str) -> dict[str, str]:
    """Return the English words of a field's codes; empty for a field without codes."""
    watch = WATCHES[object_type]
    if field not in watch.columns:
        return {}
    with translation.override("en"):
        choices = watch.model._meta.get_field(field).flatchoices
        return {str(code): str(word) for code, word in choices}
