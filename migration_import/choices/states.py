"""Where an import stands, and what became of its rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MIGRATION = "migration"
"""Destination of the steps of an import: reading, dry run and run, some seconds at a time."""


class ImportStatus(models.TextChoices):
    """The way of a file into the tenant's book."""

    UPLOADED = "UPLOADED", _("Uploaded")
    READING = "READING", _("Being read")
    READ = "READ", _("Read")
    CHECKING = "CHECKING", _("Dry run")
    CHECKED = "CHECKED", _("Checked")
    RUNNING = "RUNNING", _("Being imported")
    STOPPED = "STOPPED", _("Stopped")
    DONE = "DONE", _("Imported")
    FAILED = "FAILED", _("Failed")
    DISCARDED = "DISCARDED", _("Discarded")


# What was imported stays: a file of which something is in the book cannot be discarded.
IMPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ImportStatus.UPLOADED: frozenset({ImportStatus.READING, ImportStatus.DISCARDED}),
    ImportStatus.READING: frozenset({ImportStatus.READ, ImportStatus.FAILED}),
    ImportStatus.READ: frozenset(
        {ImportStatus.READING, ImportStatus.CHECKING, ImportStatus.DISCARDED}
    ),
    ImportStatus.CHECKING: frozenset(
        {ImportStatus.CHECKED, ImportStatus.READ, ImportStatus.FAILED}
    ),
    ImportStatus.CHECKED: frozenset(
        {
            ImportStatus.READING,
            ImportStatus.READ,
            ImportStatus.CHECKING,
            ImportStatus.RUNNING,
            ImportStatus.DISCARDED,
        }
    ),
    ImportStatus.RUNNING: frozenset({ImportStatus.DONE, ImportStatus.STOPPED, ImportStatus.FAILED}),
    ImportStatus.STOPPED: frozenset({ImportStatus.RUNNING}),
    ImportStatus.DONE: frozenset({ImportStatus.RUNNING}),
    ImportStatus.FAILED: frozenset(
        {
            ImportStatus.READING,
            ImportStatus.READ,
            ImportStatus.CHECKING,
            ImportStatus.RUNNING,
            ImportStatus.DISCARDED,
        }
    ),
    ImportStatus.DISCARDED: frozenset(),
}

BUSY = frozenset({ImportStatus.READING, ImportStatus.CHECKING, ImportStatus.RUNNING})


class FileFormat(models.TextChoices):
    """What the file is."""

    CSV = "CSV", _("CSV")
    XLSX = "XLSX", _("Excel")


class Encoding(models.TextChoices):
    """How a text file writes letters; the values are Python's names."""

    UTF_8 = "utf-8-sig", "UTF-8"
    UTF_16 = "utf-16", "UTF-16"
    UTF_16_LE = "utf-16-le", _("UTF-16, little-endian, without a mark")
    UTF_16_BE = "utf-16-be", _("UTF-16, big-endian, without a mark")
    WINDOWS_1252 = "cp1252", "Windows-1252"


class RowStatus(models.TextChoices):
    """What became of a row."""

    READ = "READ", _("Read")
    GOOD = "GOOD", _("Can be imported")
    BAD = "BAD", _("Has errors")
    DONE = "DONE", _("Imported")
    KEPT_OUT = "KEPT_OUT", _("Kept out by what is here")


ROW_TO_RUN = (RowStatus.GOOD, RowStatus.DONE, RowStatus.KEPT_OUT)
"""Rows that a run looks at; what is in the book already is not made again."""


class Severity(models.TextChoices):
    """Whether a problem keeps its row out."""

    ERROR = "ERROR", _("Error")
    WARNING = "WARNING", _("Warning")
