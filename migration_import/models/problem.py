"""ImportProblem: what is wrong in a cell of the file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from migration_import.choices import BY_KEY, Severity
from migration_import.choices.letters import column_letter
from migration_import.models.file_import import FileImport


class ImportProblem(models.Model):
    """
    One finding of the dry run, or of the run, at a row and a column of the file.

    `column` counts from 0; -1 is the row as a whole. An error keeps the row out, a warning does
    not. Found anew by each dry run.
    """

    id = models.BigAutoField(primary_key=True)
    file_import = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="problems")
    number = models.PositiveIntegerField(_("row"))
    column = models.SmallIntegerField(_("column"), default=-1)
    field = models.CharField(_("field"), max_length=30, blank=True)
    severity = models.CharField(max_length=7, choices=Severity.choices, default=Severity.ERROR)
    code = models.CharField(max_length=30)
    reason = models.TextField(_("reason"))
    value = models.CharField(_("value"), max_length=200, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("problem of an import")
        verbose_name_plural = _("problems of imports")
        default_permissions = ()
        indexes = [
            # the report, in the order of the file
            models.Index(fields=["file_import", "number", "id"], name="import_problem_row"),
            # the report narrowed to one kind of problem
            models.Index(
                fields=["file_import", "code", "number", "id"], name="import_problem_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"

    @property
    def field_label(self) -> str:
        """Our field's name."""
        return str(BY_KEY[self.field].label) if self.field in BY_KEY else ""

    @property
    def column_letter(self) -> str:
        """The column as spreadsheets name it; empty for the whole row."""
        return column_letter(self.column)

    @property
    def is_error(self) -> bool:
        """Whether it keeps its row out."""
        return self.severity == Severity.ERROR
