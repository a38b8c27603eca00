"""
Read files of other systems row by row, in flat memory.

`sniff` guesses how a file is written; `open_rows` reads it that way and says in words what it
cannot read.
"""

from migration_import.services.reading.opening import (
    MOST_COLUMNS,
    MOST_ROWS,
    Layout,
    Preview,
    Row,
    Rows,
    column_names,
    open_rows,
    preview,
)
from migration_import.services.reading.sniffing import kind_of, sniff
from migration_import.services.reading.unreadable import Unreadable

__all__ = [
    "MOST_COLUMNS",
    "MOST_ROWS",
    "Layout",
    "Preview",
    "Row",
    "Rows",
    "Unreadable",
    "column_names",
    "kind_of",
    "open_rows",
    "preview",
    "sniff",
]
