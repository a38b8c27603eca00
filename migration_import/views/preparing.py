"""Getting a file ready: upload, how it is written, which column is which."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from migration_import.forms import ColumnsForm, LayoutForm, UploadForm
from migration_import.models import FileImport
from migration_import.services import starting
from migration_import.services.mapping import guess_columns
from migration_import.services.reading import Layout, Preview, Unreadable, preview
from migration_import.services.uploading import (
    UploadRefused,
    layout_of,
    open_stored,
    take_file,
)
from migration_import.views.steps import PERMISSION, steps_of
from utilcrm.web.views import DetailScreen, OperationView


class Upload(OperationView):
    """Take a file in."""

    form_class = UploadForm
    permission_required = PERMISSION
    template_name = "migration_import/upload.html"
    title = _("Import from another system")
    submit_label = _("Upload the file")
    refusals = {UploadRefused: "file"}

    def get_initial(self) -> dict[str, Any]:
        """Propose the system that the last file came from."""
        last = FileImport.objects.visible_to(self.request.user).order_by("-pk").first()
        return {"source_system": last.source_system} if last else {}

    def perform(self, form: UploadForm) -> FileImport:
        """Check and store it."""
        return take_file(
            file=form.cleaned_data["file"],
            source_system=form.cleaned_data["source_system"],
            actor=self.request.user,
        )

    def get_success_url(self, result: FileImport) -> str:
        """Go on to how it is written."""
        return reverse("migration_import:layout", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Lead back to the list."""
        return super().get_context_data(no_rail=True, **extra)


class Preparing(OperationView):
    """A step before the dry run."""

    model = FileImport
    permission_required = PERMISSION
    is_versioned = True
    refusals = {starting.NotNow: None}
    step = 1

    def get_success_url(self, result: FileImport) -> str:
        """Go to the import's page."""
        return reverse("migration_import:detail", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the steps."""
        return super().get_context_data(
            steps=steps_of(self.subject, current=self.step), no_rail=True, **extra
        )


class SetLayout(Preparing):
    """Correct the guess, and read the file."""

    form_class = LayoutForm
    template_name = "migration_import/layout.html"
    title = _("How the file is written")
    submit_label = _("Read the file")
    is_versioned = False
    refusals = {starting.NotNow: None, Unreadable: None}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form what there is to choose from."""
        return {"file_import": self.subject, "sheets": self.shown[1]}

    def get_initial(self) -> dict[str, Any]:
        """Start with the guess."""
        layout = layout_of(self.subject)
        names = ("encoding", "delimiter", "sheet", "has_header")
        return {name: getattr(layout, name) for name in names}

    def perform(self, form: LayoutForm) -> FileImport:
        """Read it anew."""
        return starting.start_reading(
            file_import=self.subject, layout=form.layout(), actor=self.request.user
        )

    @cached_property
    def shown(self) -> tuple[Preview | None, list[str], str]:
        """The preview as the layout is now, the sheets, and why there is no preview."""
        found, trouble = read_preview(self.subject, layout_of(self.subject))
        return found, found.sheets if found else [self.subject.sheet], trouble

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the preview."""
        return super().get_context_data(preview=self.shown[0], trouble=self.shown[2], **extra)


class ShowPreview(DetailScreen):
    """The preview of a layout that somebody is choosing."""

    model = FileImport
    permission_required = PERMISSION
    template_name = "migration_import/_preview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the file's beginning, read like this."""
        form = LayoutForm(
            request.GET, file_import=self.subject, sheets=[request.GET.get("sheet", "")]
        )
        if not form.is_valid():
            raise Http404
        found, trouble = read_preview(self.subject, form.layout())
        return self.show(self.get_context_data(preview=found, trouble=trouble))


def read_preview(found: FileImport, layout: Layout) -> tuple[Preview | None, str]:
    """Return the file's beginning, or why it cannot be read like this."""
    if not found.stored_name:
        raise Http404
    try:
        with open_stored(found) as file:
            return preview(file, layout), ""
    except Unreadable as exc:
        return None, str(exc)


class SetColumns(Preparing):
    """Say which column is which of our fields."""

    form_class = ColumnsForm
    template_name = "migration_import/columns.html"
    title = _("Which column is what")
    submit_label = _("Go on")
    step = 2

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form the columns of the file."""
        return {"file_import": self.subject}

    def get_initial(self) -> dict[str, Any]:
        """Start with what was said before, or with a guess."""
        mapping = self.subject.mapping or guess_columns(self.subject.columns)
        return {key: str(column) for key, column in mapping.items()}

    def perform(self, form: ColumnsForm) -> FileImport:
        """Store the mapping; codes of columns that are the same still count."""
        mapping = form.mapping()
        before = self.subject.mapping
        kept = {
            key: codes
            for key, codes in self.subject.codes.items()
            if before.get(key) == mapping.get(key)
        }
        return starting.set_mapping(
            file_import=self.subject,
            mapping=mapping,
            codes=kept,
            allows_lookalikes=self.subject.allows_lookalikes,
            actor=self.request.user,
            version=self.version,
        )

    def get_success_url(self, result: FileImport) -> str:
        """Go on to what the codes mean."""
        return reverse("migration_import:codes", args=[result.uuid])
