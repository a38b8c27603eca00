"""FileImport: one file of another system on its way into the book."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.queries import segments_of
from migration_import.choices import BUSY, IMPORT_TRANSITIONS, FileFormat, ImportStatus
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class FileImportQuerySet(models.QuerySet["FileImport"]):
    """Imports. A file holds customers of any segment, so only who sees them all sees it."""

    def visible_to(self, user: Any) -> Self:
        """Keep the imports that the user may see: all, or none."""
        return self if segments_of(user) >= set(SegmentCode.values) else self.none()


class FileImport(Record, Versioned):
    """
    A file with customers and contracts of another system, and how far it has come.

    `source_system` and the keys of that system make the identity of what is imported: the same
    customer in a second file is the same customer here. `mapping` gives our field's column (from
    0), `codes` what values stand for. `rows_read` counts; `rows_checked` and `rows_run` are the
    numbers of the last row that was checked or imported. Each is written in the transaction that
    did it.
    """

    file_name = models.CharField(_("file"), max_length=120)
    stored_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    file_format = models.CharField(_("format"), max_length=4, choices=FileFormat.choices)
    source_system = models.CharField(_("other system"), max_length=60)
    encoding = models.CharField(_("encoding"), max_length=12, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=1, blank=True)
    sheet = models.CharField(_("sheet"), max_length=80, blank=True)
    has_header = models.BooleanField(_("the first row names the columns"), default=True)
    columns: Any = models.JSONField(default=list)
    mapping: Any = models.JSONField(default=dict)
    codes: Any = models.JSONField(default=dict)
    allows_lookalikes = models.BooleanField(default=False)

    status = models.CharField(
        _("status"),
        max_length=9,
        choices=ImportStatus.choices,
        default=ImportStatus.UPLOADED,
        editable=False,
    )
    # of this stretch of work: the message of an earlier one does nothing
    stretch = models.PositiveIntegerField(default=0, editable=False)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_read = models.PositiveIntegerField(default=0)
    rows_checked = models.PositiveIntegerField(default=0)
    rows_run = models.PositiveIntegerField(default=0)
    rows_good = models.PositiveIntegerField(_("can be imported"), default=0)
    rows_bad = models.PositiveIntegerField(_("with errors"), default=0)
    rows_warned = models.PositiveIntegerField(_("with warnings"), default=0)
    rows_imported = models.PositiveIntegerField(_("imported"), default=0)
    rows_kept_out = models.PositiveIntegerField(_("kept out"), default=0)
    created: Any = models.JSONField(default=dict)
    failure = models.TextField(_("failure"), blank=True)
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=150, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = FileImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()
        permissions = [("run_import", _("Can import customers and contracts from a file"))]
        constraints = [
            models.CheckConstraint(
                name="file_import_failed_says_why",
                condition=~Q(status=ImportStatus.FAILED) | ~Q(failure=""),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    # Mutators

    def mark_reading(self) -> None:
        """Begin to read the file anew."""
        self.rows_read = self.rows_total = 0
        self._begin(ImportStatus.READING, "rows_read", "rows_total")

    def mark_read(self) -> None:
        """Note that every row is here."""
        self.rows_total = self.rows_read
        self._move_to(ImportStatus.READ, "rows_total")

    def mark_checking(self) -> None:
        """Begin the dry run anew."""
        self.rows_checked = self.rows_good = self.rows_bad = self.rows_warned = 0
        self.rows_run = self.rows_imported = self.rows_kept_out = 0
        self._begin(
            ImportStatus.CHECKING,
            "rows_checked",
            "rows_good",
            "rows_bad",
            "rows_warned",
            "rows_run",
            "rows_imported",
            "rows_kept_out",
        )

    def mark_checked(self, *, good: int, bad: int, warned: int, at: dt.datetime) -> None:
        """Note what the dry run has found."""
        self.rows_good, self.rows_bad, self.rows_warned, self.finished_at = good, bad, warned, at
        self._move_to(ImportStatus.CHECKED, "rows_good", "rows_bad", "rows_warned", "finished_at")

    def mark_unchecked(self) -> None:
        """Stop the dry run."""
        self._move_to(ImportStatus.READ)

    def mark_running(self, *, anew: bool) -> None:
        """Begin the import, or go on behind the checkpoint."""
        if anew:
            self.rows_run = self.rows_imported = self.rows_kept_out = 0
        self._begin(ImportStatus.RUNNING, "rows_run", "rows_imported", "rows_kept_out")

    def mark_stopped(self) -> None:
        """Stop behind the last chunk; what is imported stays."""
        self._move_to(ImportStatus.STOPPED)

    def mark_done(self, *, at: dt.datetime) -> None:
        """Note that every good row was looked at."""
        self.finished_at = at
        self._move_to(ImportStatus.DONE, "finished_at")

    def mark_failed(self, *, reason: str) -> None:
        """Note why it cannot go on; a file that was read in part counts as not read."""
        self.failure = reason or str(_("No reason was given."))
        if self.status == ImportStatus.READING:
            self.rows_read = self.rows_total = 0
        self._move_to(ImportStatus.FAILED, "failure", "rows_read", "rows_total")

    def mark_discarded(self) -> None:
        """Forget the file."""
        self.stored_name = ""
        self._move_to(ImportStatus.DISCARDED, "stored_name")

    def _begin(self, status: ImportStatus, *fields: str) -> None:
        self.stretch += 1
        self.failure, self.finished_at = "", None
        self._move_to(status, "stretch", "failure", "finished_at", *fields)

    def _move_to(self, status: ImportStatus, *fields: str) -> None:
        check_transition(IMPORT_TRANSITIONS, self.status, status)
        self.status = status
        self.save_changes("status", *fields)

    # Properties

    @property
    def is_busy(self) -> bool:
        """Whether a worker has it in hand."""
        return self.status in BUSY

    @property
    def is_text(self) -> bool:
        """Whether it is a text file, which has an encoding and a delimiter."""
        return self.file_format == FileFormat.CSV

    @property
    def has_imported(self) -> bool:
        """Whether anything of it is in the book."""
        return bool(self.created)

    @property
    def has_rows(self) -> bool:
        """Whether the rows of the file are here to be mapped."""
        return self.rows_total > 0

    @property
    def can_run(self) -> bool:
        """Whether a finished dry run, or a run that broke off, says what there is to import."""
        if self.status == ImportStatus.FAILED:
            return self.rows_run > 0
        return self.rows_good > 0
