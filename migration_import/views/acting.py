"""What a click does to an import: dry run, run, stop, discard."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from migration_import.forms import NoFieldsForm
from migration_import.models import FileImport
from migration_import.services import starting
from migration_import.views.steps import PERMISSION
from utilcrm.web.views import OperationView


class _Button(OperationView):
    """An operation on an import that needs nothing but the decision."""

    model = FileImport
    form_class = NoFieldsForm
    permission_required = PERMISSION
    refusals = {starting.NotNow: None}

    def get_success_url(self, result: Any) -> str:
        """Go to the import's page."""
        return reverse("migration_import:detail", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Lead back to the import."""
        return super().get_context_data(
            back_url=reverse("migration_import:detail", args=[self.subject.uuid]),
            back_label=self.subject.file_name,
            no_rail=True,
            **extra,
        )


class Check(_Button):
    """Start the dry run again."""

    title = _("Start the dry run")
    intro = _("Every row is checked by the rules of the product. Nothing is imported.")
    submit_label = _("Start the dry run")

    def perform(self, form: NoFieldsForm) -> FileImport:
        """Make the one service call."""
        return starting.start_check(file_import=self.subject, actor=self.request.user)


class Run(_Button):
    """Import the good rows."""

    title = _("Import")
    submit_label = _("Import now")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say what is going to happen."""
        found = super().get_context_data(**extra)
        found["intro"] = _(
            "%(good)s rows are imported, %(bad)s with errors are left out. Customers get no letter "
            "and no mail, and neither the ERP nor the market is told."
        ) % {"good": self.subject.rows_good, "bad": self.subject.rows_bad}
        return found

    def perform(self, form: NoFieldsForm) -> FileImport:
        """Make the one service call."""
        return starting.start_run(file_import=self.subject, actor=self.request.user)


class Stop(_Button):
    """Stop what is under way."""

    title = _("Stop")
    intro = _("What is imported stays; it goes on from there when it is started again.")
    submit_label = _("Stop")
    submit_variant = "danger"

    def perform(self, form: NoFieldsForm) -> FileImport:
        """Make the one service call."""
        return starting.stop(file_import=self.subject, actor=self.request.user)


class Discard(_Button):
    """Forget the file."""

    title = _("Discard the file")
    intro = _("The file and everything read from it are deleted. Nothing of it was imported.")
    submit_label = _("Discard")
    submit_variant = "danger"
    success_message = _("The file is discarded.")

    def perform(self, form: NoFieldsForm) -> FileImport:
        """Make the one service call."""
        return starting.discard(file_import=self.subject, actor=self.request.user)

    def get_success_url(self, result: Any) -> str:
        """Go back to the list."""
        return reverse("migration_import:list")
