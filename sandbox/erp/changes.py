"""What changed in a book since a point of its change log, and what each object's digest is."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.erp.book.store import Row, Store
from sandbox.erp.clients import Client
from sandbox.erp.replication import SOURCES, contents, is_kept

Content = dict[str, Any]


def changes(store: Store, client: Client, *, after: int, size: int, today: Any) -> Content:
    """Return the response's content after its header, without its log.

    Of an object that changed again within the page only the last change is told. Each object is
    told as it is now, under the version it has now.
    """
    with store.snapshot():
        entries = store.all(
            "SELECT * FROM change_log WHERE seq > ? ORDER BY seq LIMIT ?", after, size
        )
        last = store.one("SELECT max(seq) AS seq FROM change_log")
        newest = {(entry["source"], entry["key"]): entry for entry in entries}
        told = sorted(newest.values(), key=lambda entry: entry["seq"])
        found = _objects(store, client, told, today)
        log_id = store.meta("change_log_id")
    return {
        "ChangeLogID": log_id,
        "AsOfDateTime": datetime.now(UTC),
        "LastSequence": (last["seq"] if last else None) or 0,
        "NextSequence": entries[-1]["seq"] if entries else after,
        "Change": [
            _change(entry, object_type, content)
            for entry in told
            if (object_type := _type_of(client, entry["source"])) is not None
            for content in [found.get((entry["source"], entry["key"]))]
            if content is not None or entry["deleted"]
        ],
    }


def _change(entry: Row, object_type: str, content: Content | None) -> Content:
    element = SOURCES[object_type][1]
    return {
        "ChangeSequence": entry["seq"],
        "ObjectTypeCode": object_type,
        "ObjectKey": entry["key"],
        "Version": entry["version"],
        "ChangedAt": entry["at"],
        "ChangedBy": entry["by"],
        "DeletedIndicator": content is None,
        element: content,
    }


def _type_of(client: Client, source: str) -> str | None:
    for object_type, (table, _element, content_of) in SOURCES.items():
        name = "financial" if content_of is None else table
        if name == source and is_kept(client, object_type):
            return object_type
    return None


def _objects(
    store: Store, client: Client, entries: list[Row], today: Any
) -> dict[tuple[str, str], Content]:
    found: dict[tuple[str, str], Content] = {}
    for source in {entry["source"] for entry in entries}:
        object_type = _type_of(client, source)
        if object_type is None:
            continue
        keys = [entry["key"] for entry in entries if entry["source"] == source]
        rows = by_keys(store, object_type, keys)
        told = contents(client, object_type, rows, today)
        for row, content in zip(rows, told, strict=True):
            found[source, row["id"]] = content
    return found


def by_keys(store: Store, object_type: str, keys: list[str]) -> list[Row]:
    """Return the rows of some keys of a type, in the order of their keys."""
    table = SOURCES[object_type][0]
    return store.all(
        f"SELECT * FROM {table} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",  # noqa: S608
        json.dumps(keys),
    )


def _joined(*values: Any) -> str:
    return "|".join("" if value is None else str(value) for value in values)


def _address(row: Row) -> str:
    flat = row.get("flat")
    return _joined(row["street"], row["house"], flat, row["postcode"], row["city"], row["country"])


def _communication(row: Row) -> str:
    points = {
        f"{point['TypeCode']}:{point['Value'].replace(' ', '').lower()}"
        for point in row["communication"] or []
    }
    return ",".join(sorted(points))


_PARTS: dict[str, tuple[Callable[[Row], str], ...]] = {
    "BUSINESS_PARTNER": (
        lambda row: _joined(
            row["category"], row["first_name"], row["last_name"], row["organisation_name"]
        ),
        _address,
        _communication,
    ),
    "CONTRACT_ACCOUNT": (
        lambda row: _joined(row["bp_id"]),
        lambda row: _joined(row["payment_method"], row["iban"], row["invoice_delivery"]),
    ),
    "CONNECTION_OBJECT": (_address,),
    "PREMISE": (
        lambda row: _joined(row["co_id"]),
        lambda row: _joined(row["flat"], row["floor"]),
    ),
    "POINT_OF_DELIVERY": (
        lambda row: _joined(row["premise_id"]),
        lambda row: _joined(row["external_id"], row["division"]),
    ),
    "DEVICE_INFO_RECORD": (
        lambda row: _joined(row["pod_id"]),
        lambda row: _joined(row["serial"]),
        lambda row: _joined(row["valid_from"], row["valid_to"]),
    ),
    "CONTRACT": (
        lambda row: _joined(row["ca_id"], row["pod_id"], row["role"]),
        lambda row: _joined(row["start_date"], row["end_date"]),
        lambda row: _joined(row["product"]),
        lambda row: _joined(row["status"]),
    ),
}
_PARTS["DEVICE"] = _PARTS["DEVICE_INFO_RECORD"]
"""The facts of each type, in the order that the contract's README gives."""


def digests(store: Store, client: Client, *, object_type: str, from_key: str, size: int) -> Content:
    """Return a page of keys, each with a digest of every part of its object."""
    rows: list[Row] = []
    if is_kept(client, object_type) and object_type in _PARTS:
        table = SOURCES[object_type][0]
        rows = store.all(
            f"SELECT * FROM {table} WHERE id > ? ORDER BY id LIMIT ?",  # noqa: S608
            from_key,
            size + 1,
        )
    more, rows = len(rows) > size, rows[:size]
    parts = _PARTS.get(object_type, ())
    return {
        "ObjectTypeCode": object_type,
        "AsOfDateTime": datetime.now(UTC),
        "NextKey": rows[-1]["id"] if more else None,
        "Digest": [
            {"ObjectKey": row["id"], "Part": " ".join(_digest(part(row)) for part in parts)}
            for row in rows
        ],
    }


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16]
