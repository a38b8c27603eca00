"""The peer: plain COPY of the same rows, already as text, into bare unlogged tables."""

from __future__ import annotations

import io
import time

from django.db import connection, transaction

from billing_sync.choices import ObjectType

TABLES: dict[str, tuple[str, ...]] = {
    ObjectType.BUSINESS_PARTNER: ("accounts_account", "accounts_contactpoint"),
    ObjectType.CONTRACT_ACCOUNT: ("accounts_businessagreement",),
    ObjectType.FINANCIAL: (
        "billing_sync_standing",
        "billing_sync_bill",
        "billing_sync_openitem",
        "billing_sync_dunningnotice",
    ),
    ObjectType.CONNECTION_OBJECT: ("premises_connectionobject",),
    ObjectType.PREMISE: ("premises_premise",),
    ObjectType.POINT_OF_DELIVERY: ("premises_pointofdelivery", "premises_podservice"),
    ObjectType.DEVICE_INFO_RECORD: (
        "devices_deviceinforecord",
        "devices_register",
        "devices_meterreading",
    ),
    ObjectType.CONTRACT: ("contracts_contract", "contracts_contractitem"),
    # both kinds of entry share their tables
    ObjectType.SEARCH_ACCOUNTS: (
        "identification_entry",
        "identification_identifier",
        "identification_word",
    ),
}


def copy_again() -> tuple[dict[str, float], int]:
    """
    Copy what was loaded into tables without index, constraint, key or log.

    :return: the seconds that COPY took for each type, and the number of rows in all
    """
    spent: dict[str, float] = {}
    rows = 0
    for code, tables in TABLES.items():
        spent[code] = 0.0
        for table in tables:
            seconds, count = _copy(table)
            spent[code] += seconds
            rows += count
    return spent, rows


def _copy(table: str) -> tuple[float, int]:
    text = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} TO STDOUT", text)
        cursor.execute(f"CREATE UNLOGGED TABLE peer_{table} (LIKE {table})")
        text.seek(0)
        started = time.perf_counter()
        with transaction.atomic():
            cursor.copy_expert(f"COPY peer_{table} FROM STDIN", text, 1 << 18)
        seconds = time.perf_counter() - started
        count = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE peer_{table}")
    return seconds, count
