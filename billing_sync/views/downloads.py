"""The initial download: progress, counts, rejects."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing_sync.forms import NoFields, RetryRejectsForm
from billing_sync.models import DownloadReject, DownloadRun
from billing_sync.queries import download_progress, erp_state, latest_download, open_rejects
from billing_sync.queries.feed import feed_state
from billing_sync.services import downloading, rejecting
from utilcrm.web.forms import Form
from utilcrm.web.views import ListScreen, OperationView, Screen


class Downloads(ListScreen):
    """The newest download and what could not be loaded."""

    template_name = "billing_sync/downloads.html"
    permission_required = "billing_sync.run_download"
    title = gettext_lazy("Download from the ERP")
    order = ("id",)

    def get_queryset(self) -> QuerySet[DownloadReject]:
        """Return open rejects; they show numbers and reasons, no customer's data."""
        return open_rejects()

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the newest run's progress."""
        return super().get_context_data(**_progress(), no_rail=True, **extra)


class Progress(Screen):
    """The progress alone, for the poll."""

    template_name = "billing_sync/_progress.html"
    permission_required = "billing_sync.run_download"

    def get(self, request: Any, **kwargs: Any) -> Any:
        """Show how far it is."""
        return self.show(self.get_context_data(**_progress()))


class _Button(OperationView):
    """An operation on the newest run, started by a click."""

    form_class: type[Form] = NoFields
    permission_required = "billing_sync.run_download"

    def get_success_url(self, result: Any) -> str:
        """Go back to the progress."""
        return reverse("billing_sync:downloads")

    def newest(self) -> DownloadRun:
        """Return the newest run or 404."""
        run = latest_download()
        if run is None:
            raise Http404
        return run


class Start(_Button):
    """Start a download."""

    title = gettext_lazy("Start the download")
    submit_label = gettext_lazy("Start the download")
    success_message = gettext_lazy("The download has started.")
    refusals = {downloading.DownloadRunning: None, downloading.NoEndpoint: None}

    def perform(self, form: NoFields) -> DownloadRun:
        """Make the one service call."""
        return downloading.start_download(actor=self.request.user)


class Cancel(_Button):
    """Stop the running download."""

    title = gettext_lazy("Stop the download")
    intro = gettext_lazy("What was loaded stays. A new download begins at the start.")
    submit_label = gettext_lazy("Stop the download")
    submit_variant = "danger"
    success_message = gettext_lazy("The download is stopped.")

    def perform(self, form: NoFields) -> None:
        """Make the one service call."""
        downloading.cancel_download(run=self.newest(), actor=self.request.user)


class Continue(_Button):
    """Go on after a page that stopped."""

    title = gettext_lazy("Continue the download")
    submit_label = gettext_lazy("Continue")
    success_message = gettext_lazy("The download goes on.")

    def perform(self, form: NoFields) -> None:
        """Make the one service call."""
        downloading.continue_download(run=self.newest(), actor=self.request.user)


class Retry(_Button):
    """Try rejected objects again."""

    form_class = RetryRejectsForm
    title = gettext_lazy("Try rejected objects again")
    submit_label = gettext_lazy("Try again")

    def perform(self, form: RetryRejectsForm) -> None:
        """Make the one service call, and say what came of it."""
        loaded, still = rejecting.retry_rejects(object_type=form.cleaned_data["object_type"])
        self.success_message = _("%(loaded)s loaded, %(still)s still rejected.") % {
            "loaded": loaded,
            "still": still,
        }


def _progress() -> dict[str, Any]:
    run = latest_download()
    return {
        "progress": download_progress(run) if run else None,
        "reach": erp_state(),
        "following": feed_state(),
    }
