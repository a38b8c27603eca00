"""The change log of a book: which object changed when, and who did it.

Triggers of the book itself write it, so no write can go past it, whoever makes it and however.
"""

from sandbox.erp.book.schema import MASTER_DATA

BOOKKEEPING = frozenset(
    {"origin", "request", "request_uuid", "steps", "overall", "sequence", "device_id", "move_in_id"}
)
"""Columns that no other system is told of."""

FINANCIAL = (
    "monthly_base", "unpaid_bills", "dunning_level", "credit_score", "billed_since",
    "budget_amount", "budget_from", "arrangements",
)  # fmt: skip
"""Columns of a contract account that are told as an object of their own."""

FINANCIAL_SOURCE = "financial"
"""The source of a contract account's financial changes."""

_TABLES = """
CREATE TABLE IF NOT EXISTS change_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, key TEXT NOT NULL,
  version INTEGER NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, deleted INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS change_log_object ON change_log (source, key, version);
"""


def change_log_script() -> str:
    """Return the SQL that lets a book keep its change log; running it again changes nothing.

    An object of the first book has version 1; one that came later begins with 1 in the log.
    """
    statements = [_TABLES]
    for table, columns in MASTER_DATA.items():
        financial = FINANCIAL if table == "contract_account" else ()
        told = [name for name in columns if name not in BOOKKEEPING and name not in financial]
        statements += [
            _trigger(table, table, "INSERT", "NEW", base=0),
            _trigger(table, table, "UPDATE", "NEW", base=1, when=_differs(told)),
            _trigger(table, table, "DELETE", "OLD", base=1),
        ]
        if financial:
            changed = _differs(list(financial))
            statements.append(
                _trigger(FINANCIAL_SOURCE, table, "UPDATE", "NEW", base=1, when=changed)
            )
    return "\n".join(statements)


def _differs(columns: list[str]) -> str:
    return " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)


def _trigger(source: str, table: str, event: str, row: str, *, base: int, when: str = "") -> str:
    condition = f"WHEN {when}" if when else ""
    deleted = int(event == "DELETE")
    return f"""
        DROP TRIGGER IF EXISTS {source}_{event.lower()}_logged;
        CREATE TRIGGER {source}_{event.lower()}_logged AFTER {event} ON {table} {condition} BEGIN
          INSERT INTO change_log (source, key, version, at, by, deleted)
          SELECT '{source}', {row}.id,
            coalesce((SELECT max(version) FROM change_log
                      WHERE source = '{source}' AND key = {row}.id), {base}) + 1,
            strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), acting_user(), {deleted};
        END;
    """  # noqa: S608 - constants of this module
