"""Invoicing runs for the back office: expected, here, delivered, missing, rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing_sync.choices import InvoiceRejectStatus
from billing_sync.forms import LookForRunsForm, NoFields, SetAsideForm
from billing_sync.gateway.client import SoapFailure
from billing_sync.models import InvoiceReject, InvoiceRun
from billing_sync.queries.invoices import (
    active_printer,
    batches_of,
    open_rejects_of,
    overdue_months,
    standings_of,
    stray_months,
)
from billing_sync.services.invoicing import retrying, running
from utilcrm.web.forms import Form
from utilcrm.web.views import ListScreen, OperationView, Screen

if TYPE_CHECKING:
    from access.models import User

MANAGE = "billing_sync.manage_invoices"


class Runs(ListScreen):
    """The runs, newest first; they show numbers, no customer's data."""

    template_name = "billing_sync/invoices/runs.html"
    permission_required = MANAGE
    title = gettext_lazy("Invoicing runs")
    order = ("-month", "-id")
    page_size = 24

    def get_queryset(self) -> QuerySet[InvoiceRun]:
        """Return all runs."""
        return InvoiceRun.objects.all()

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what is missing of each."""
        printer = active_printer()
        return super().get_context_data(
            rows=standings_of(list(extra["page"]), printer),
            printer=printer,
            overdue=overdue_months(printer),
            strays=list(stray_months()),
            no_rail=True,
            **extra,
        )


class Strays(ListScreen):
    """Lines of months of which the ERP has told no run: too early, or a wrong month."""

    template_name = "billing_sync/invoices/strays.html"
    permission_required = MANAGE
    title = gettext_lazy("Lines without an invoicing run")
    order = ("id",)

    def get_queryset(self) -> QuerySet[InvoiceReject]:
        """Return those that wait."""
        return InvoiceReject.objects.filter(
            month__in=stray_months(), status=InvoiceRejectStatus.OPEN
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Leave the rail out."""
        return super().get_context_data(no_rail=True, **extra)


class _OneRun:
    """A run by its UUID."""

    kwargs: dict[str, Any]

    def get_run(self) -> InvoiceRun:
        """Return it or answer 404."""
        run = InvoiceRun.objects.filter(uuid=self.kwargs["uuid"]).first()
        if run is None:
            raise Http404
        return run


class Run(_OneRun, ListScreen):
    """One run, and the lines of its month that were not taken."""

    template_name = "billing_sync/invoices/run.html"
    permission_required = MANAGE
    order = ("id",)

    def load(self) -> None:
        """Load the run or answer 404."""
        self.subject = self.get_run()

    def get_queryset(self) -> QuerySet[InvoiceReject]:
        """Return the open rejects of the month."""
        return open_rejects_of(self.subject.month)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the figures and the newest batches."""
        printer = active_printer()
        return super().get_context_data(
            subject=self.subject,
            row=standings_of([self.subject], printer)[0],
            printer=printer,
            delivered=batches_of(self.subject.month),
            no_rail=True,
            **extra,
        )


class State(_OneRun, Screen):
    """The figures alone, for the poll."""

    template_name = "billing_sync/invoices/_state.html"
    permission_required = MANAGE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show how far it is."""
        run, printer = self.get_run(), active_printer()
        (row,) = standings_of([run], printer)
        return self.show(self.get_context_data(subject=run, row=row, printer=printer))


class _OnRun(_OneRun, OperationView):
    """A click on one run."""

    form_class: type[Form] = NoFields
    permission_required = MANAGE

    def load(self) -> None:
        """Load the run or answer 404."""
        self.subject = self.get_run()

    def get_success_url(self, result: Any) -> str:
        """Back to the run."""
        return reverse("billing_sync:invoice_run", args=[self.kwargs["uuid"]])


class Load(_OnRun):
    """Read the ERP's list again."""

    title = gettext_lazy("Read the ERP's list again")
    intro = gettext_lazy(
        "What is here stays, what differs is mended; then rejected lines are tried again."
    )
    submit_label = gettext_lazy("Read again")
    success_message = gettext_lazy("The list is being read.")
    refusals = {running.RunBusy: None}

    def perform(self, form: NoFields) -> None:
        """Make the one service call."""
        running.load_again(run=self.subject, actor=self.request.user)


class Retry(_OnRun):
    """Try the rejected lines of the month again."""

    title = gettext_lazy("Try rejected lines again")
    submit_label = gettext_lazy("Try again")
    success_message = gettext_lazy("The rejected lines are being tried again.")

    def perform(self, form: NoFields) -> None:
        """Make the one service call."""
        running.retry_rejects(month=self.subject.month)


class Look(OperationView):
    """Ask the ERP for runs now, or for those of months long ago."""

    form_class = LookForRunsForm
    permission_required = MANAGE
    title = gettext_lazy("Ask the ERP for invoicing runs")
    submit_label = gettext_lazy("Ask the ERP")
    refusals = {SoapFailure: None}

    def perform(self, form: LookForRunsForm) -> list[InvoiceRun]:
        """Make the one service call, and say what came of it."""
        printer = active_printer()
        if printer is None:
            raise Http404
        found = running.look_for_runs(
            endpoint=printer,
            first=form.cleaned_data["first"],
            last=form.cleaned_data["last"],
        )
        self.success_message = (
            ngettext("%(count)s run is being read.", "%(count)s runs are being read.", len(found))
            % {"count": len(found)}
            if found
            else _("There is no run that is not here.")
        )
        return found

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        runs = reverse("billing_sync:invoice_runs")
        return super().get_context_data(back_url=runs, back_label=_("Invoicing runs"), **extra)

    def get_success_url(self, result: Any) -> str:
        """Show the runs."""
        return reverse("billing_sync:invoice_runs")


class SetAside(OperationView):
    """Take a rejected line off the list, with the reason."""

    form_class = SetAsideForm
    permission_required = MANAGE
    title = gettext_lazy("Set the line aside")
    intro = gettext_lazy("It is not tried again. The print company may still deliver another one.")
    submit_label = gettext_lazy("Set aside")
    success_message = gettext_lazy("The line is set aside.")

    def load(self) -> None:
        """Load the line or answer 404."""
        self.subject = InvoiceReject.objects.filter(uuid=self.kwargs["uuid"]).first()
        if self.subject is None:
            raise Http404

    def perform(self, form: SetAsideForm) -> None:
        """Make the one service call."""
        retrying.set_aside(
            reject=self.subject,
            note=form.cleaned_data["note"],
            actor=cast("User", self.request.user),
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say which line it is, and add the way back."""
        reject: InvoiceReject = self.subject
        told = {
            "number": reject.number,
            "month": date_format(reject.month, "F Y"),
            "reason": reject.get_reason_display(),
        }
        context = super().get_context_data(
            back_url=self.get_success_url(None), back_label=_("Invoicing runs"), **extra
        )
        line = _("Invoice %(number)s of %(month)s: %(reason)s.") % told
        return context | {"intro": f"{line} {self.intro}"}

    def get_success_url(self, result: Any) -> str:
        """Back to the runs of that month."""
        run = InvoiceRun.objects.filter(month=self.subject.month).order_by("-pk").first()
        if run is None:
            return reverse("billing_sync:invoice_strays")
        return reverse("billing_sync:invoice_run", args=[run.uuid])
