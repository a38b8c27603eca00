"""What stands in a column of the file."""

from __future__ import annotations

from migration_import.models import FileImport
from utilcrm.db.staging import fetch

MOST_CODES = 40
"""A column with more different values than this is no coded one."""


def distinct_values(file_import: FileImport, column: int, *, limit: int = MOST_CODES) -> list[str]:
    """Return the different values of a column with single spaces, the commonest first."""
    rows = fetch(
        r"""
        SELECT value FROM (
            SELECT btrim(regexp_replace(raw->>%s, '\s+', ' ', 'g')) AS value
            FROM migration_import_importrow WHERE file_import_id = %s
        ) x WHERE value <> '' GROUP BY value ORDER BY count(*) DESC, value LIMIT %s
        """,
        [column, file_import.pk, limit + 1],
    )
    return [value for (value,) in rows]
