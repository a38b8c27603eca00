"""Closed lists of the import: states, and the fields that a column can be mapped to."""

from migration_import.choices.fields import (
    BY_KEY,
    FIELDS,
    GROUPS,
    Field,
    FieldGroup,
    Kind,
    Need,
)
from migration_import.choices.states import (
    BUSY,
    IMPORT_TRANSITIONS,
    MIGRATION,
    ROW_TO_RUN,
    Encoding,
    FileFormat,
    ImportStatus,
    RowStatus,
    Severity,
)

__all__ = [
    "BUSY",
    "BY_KEY",
    "FIELDS",
    "GROUPS",
    "IMPORT_TRANSITIONS",
    "MIGRATION",
    "ROW_TO_RUN",
    "Encoding",
    "Field",
    "FieldGroup",
    "FileFormat",
    "ImportStatus",
    "Kind",
    "Need",
    "RowStatus",
    "Severity",
]
