"""The tables of one client's book (SQLite).

Dates and times are ISO 8601 text, times in UTC. `origin` is BOOK for what the demo began with and
CRM for what came by message. Columns that hold JSON say so in `JSON_COLUMNS`.
"""

import sqlite3

MASTER_DATA: dict[str, tuple[str, ...]] = {
    "business_partner": (
        "id", "external_reference", "category", "segment", "title", "first_name", "last_name",
        "organisation_name", "birth_date", "tax_id", "language", "street", "house", "flat",
        "postcode", "city", "country", "communication", "contacts", "origin",
    ),
    "contract_account": (
        "id", "external_reference", "bp_id", "payment_method", "iban", "holder", "bank_name",
        "invoice_delivery", "language", "dunning_procedure", "budget_billing", "is_default",
        "monthly_base", "unpaid_bills", "dunning_level", "credit_score", "billed_since",
        "budget_amount", "budget_from", "arrangements", "origin",
    ),
    "connection_object": (
        "id", "external_reference", "street", "house", "postcode", "city", "country", "origin",
    ),
    "premise": (
        "id", "external_reference", "co_id", "flat", "floor", "category", "segment", "origin",
    ),
    "point_of_delivery": (
        "id", "external_reference", "premise_id", "co_id", "external_id", "scheme", "division",
        "valid_from", "valid_to", "services", "origin",
    ),
    "installation": (
        "id", "pod_id", "role", "rate_category", "valid_from", "valid_to", "origin",
    ),
    "device": (
        "id", "pod_id", "installation_id", "serial", "rate", "valid_from", "valid_to",
        "registers", "division", "material", "manufacturer", "certified_until", "logical_number",
        "billing_from", "billing_to", "former", "origin",
    ),
    "device_order": (
        "id", "external_reference", "kind", "pod_id", "effective_date", "removed_device_id",
        "installed_device_id", "logical_number", "origin",
    ),
    "contract": (
        "id", "external_reference", "contract_reference", "contract_number", "role", "bp_id",
        "ca_id", "pod_id", "premise_id", "installation_id", "device_id", "move_in_id", "division",
        "product", "template", "start_date", "end_date", "term_months", "status", "annual_kwh",
        "billed_until", "request", "request_uuid", "steps", "overall", "sequence", "origin",
    ),
}  # fmt: skip
"""Objects by table; the key comes first."""

JSON_COLUMNS = frozenset(
    {
        "communication",
        "contacts",
        "services",
        "registers",
        "request",
        "steps",
        "log",
        "object",
        "former",
        "arrangements",
    }
)

INDEXED: dict[str, tuple[str, ...]] = {
    "business_partner": ("external_reference",),
    "contract_account": ("external_reference", "bp_id"),
    "connection_object": ("external_reference",),
    "premise": ("external_reference", "co_id"),
    "point_of_delivery": ("external_reference", "external_id", "premise_id"),
    "installation": ("pod_id",),
    "device_order": ("external_reference",),
    "device": ("pod_id",),
    "contract": ("external_reference", "pod_id", "bp_id"),
}

TRAFFIC = """
CREATE TABLE message (
  seq INTEGER PRIMARY KEY, uuid TEXT NOT NULL, message_id TEXT NOT NULL, kind TEXT NOT NULL,
  object_type TEXT NOT NULL, external_reference TEXT NOT NULL, payload_sha256 TEXT NOT NULL,
  body BLOB NOT NULL, received_at TEXT NOT NULL, state TEXT NOT NULL, effect TEXT NOT NULL,
  erp_number TEXT, object TEXT, log TEXT, processed_at TEXT);
CREATE INDEX message_uuid ON message (uuid);
CREATE TABLE job (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL, due REAL NOT NULL);
CREATE INDEX job_due ON job (due);
CREATE TABLE outgoing (
  seq INTEGER PRIMARY KEY, uuid TEXT NOT NULL, kind TEXT NOT NULL, ordering_key TEXT NOT NULL,
  reference_uuid TEXT NOT NULL, body BLOB NOT NULL, copies INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  sent_at TEXT, last_error TEXT);
CREATE INDEX outgoing_unsent ON outgoing (ordering_key, seq) WHERE sent_at IS NULL;
CREATE INDEX outgoing_reference ON outgoing (reference_uuid);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE number_range (name TEXT PRIMARY KEY, next INTEGER NOT NULL);
"""

INVOICING = """
CREATE TABLE IF NOT EXISTS invoice_run (
  id TEXT PRIMARY KEY, month TEXT NOT NULL, kind TEXT NOT NULL, closed_at TEXT NOT NULL,
  number INTEGER NOT NULL, total TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS run_invoice (
  run_id TEXT NOT NULL, id TEXT NOT NULL, account_id TEXT NOT NULL, issued TEXT NOT NULL,
  due TEXT NOT NULL, amount TEXT NOT NULL, delivery TEXT NOT NULL, PRIMARY KEY (run_id, id))
"""
"""Invoicing runs and what each has made; kept as it was, whatever changes later."""

NUMBER_RANGES: dict[str, tuple[int, int]] = {
    "business_partner": (1_000_000_001, 10),
    "contract_account": (200_000_000_001, 12),
    "connection_object": (3_000_000_001, 10),
    "premise": (4_000_000_001, 10),
    "installation": (5_000_000_001, 10),
    "contract": (6_000_000_001, 10),
    "device_info_record": (7_000_000_001, 10),
    "device": (70_000_001, 18),
    "logical_device": (500_000_001, 18),
    "device_order": (860_000_000_001, 12),
    "move_in": (850_000_000_001, 12),
    "meter_reading": (880_000_000_001, 12),
    "point_of_delivery": (9_000_000_001, 22),
}
"""First number and length of each range."""


def creation_script() -> str:
    """Return the SQL that makes an empty book."""
    statements = [TRAFFIC]
    for table, columns in MASTER_DATA.items():
        key, *others = columns
        statements.append(f"CREATE TABLE {table} ({key} TEXT PRIMARY KEY, {', '.join(others)});")
        statements += [
            f"CREATE INDEX {table}_{column} ON {table} ({column});"
            for column in INDEXED.get(table, ())
        ]
    statements += [
        f"INSERT INTO number_range VALUES ('{name}', {first});"  # noqa: S608 - constants above
        for name, (first, _length) in NUMBER_RANGES.items()
    ]
    return "\n".join(statements)


def missing_columns(connection: sqlite3.Connection) -> list[str]:
    """Return the SQL that adds the tables and columns which an older book does not have yet."""
    statements = INVOICING.split(";")
    for table, columns in MASTER_DATA.items():
        present = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
        if not present:
            key, *others = columns
            statements.append(f"CREATE TABLE {table} ({key} TEXT PRIMARY KEY, {', '.join(others)})")
        else:
            statements += [
                f"ALTER TABLE {table} ADD COLUMN {column}"
                for column in columns
                if column not in present
            ]
    return statements
