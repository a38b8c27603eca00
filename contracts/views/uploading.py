"""Attaching a file to a contract."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from contracts.forms import UploadForm
from contracts.services.attaching import attach_file
from contracts.views.changing import ContractOperation
from correspondence.models import Document
from correspondence.services.uploading import MOST_BYTES, UploadRefused


class Upload(ContractOperation):
    """Attach a file that the customer has handed in."""

    permission_required = "correspondence.upload_document"
    form_class = UploadForm
    title = _("Attach a file")
    submit_label = _("Attach")
    success_message = _("The file is attached.")
    refusals = {UploadRefused: "file"}

    def perform(self, form: UploadForm) -> Document:
        """Check and store it."""
        upload = form.cleaned_data["file"]
        return attach_file(
            contract=self.subject,
            name=upload.name,
            # One byte past the limit is enough to refuse it, however much was sent.
            content=upload.read(MOST_BYTES + 1),
            title=form.cleaned_data["title"],
            actor=self.actor,
        )
