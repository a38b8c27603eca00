"""A customer's invoices, and the copy of each out of the archive."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessAgreement
from billing_sync.queries.invoices import invoices_of, next_run_month
from billing_sync.services.invoicing import opening
from utilcrm.files import file_response
from utilcrm.web.views import DetailScreen

if TYPE_CHECKING:
    from access.models import User


class Invoices(DetailScreen):
    """The invoices of a business agreement, newest first, and how they reach the customer."""

    model = BusinessAgreement
    template_name = "billing_sync/invoices/list.html"
    permission_required = "billing_sync.view_invoice"
    title = _("Invoices")

    def get_queryset(self) -> QuerySet[BusinessAgreement]:
        """Fetch the customer along."""
        return super().get_queryset().select_related("account")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the invoices."""
        return super().get_context_data(
            invoices=invoices_of(self.subject), next_run=next_run_month(), **extra
        )


class OpenInvoice(DetailScreen):
    """
    The copy itself, through us: what opens it in the archive never reaches a browser.

    An invoice that is not there, is another customer's, or is nobody's to see for this person is
    the same 404, and a line in the audit log.
    """

    model = BusinessAgreement
    template_name = "billing_sync/invoices/no_copy.html"
    permission_required = "billing_sync.view_invoice"
    title = _("Invoice")

    def get_queryset(self) -> QuerySet[BusinessAgreement]:
        """Fetch the customer along."""
        return super().get_queryset().select_related("account")

    @property
    def month(self) -> dt.date:
        """The month of the invoicing run."""
        try:
            return dt.date(self.kwargs["year"], self.kwargs["month"], 1)
        except (ValueError, OverflowError) as exc:
            raise Http404 from exc

    def load(self) -> None:
        """Load the agreement, or write down who asked for it."""
        try:
            super().load()
        except Http404:
            self._note_refused("the business agreement is not visible")
            raise

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the PDF, or say why there is none and what to do."""
        number: str = kwargs["number"]
        try:
            invoice, content = opening.open_invoice(
                agreement=self.subject, month=self.month, number=number, actor=self._actor
            )
        except opening.InvoiceUnknown as exc:
            self._note_refused("not an invoice of this business agreement")
            raise Http404 from exc
        except opening.NoLongerArchived as exc:
            return self._say("GONE", status=410, since=exc.since)
        except opening.NotYetThere as exc:
            return self._say("WAITING", status=404, reason=str(exc))
        except opening.CopyMissing as exc:
            return self._say("MISSING", status=502, reason=str(exc))
        except opening.ArchiveAway as exc:
            return self._say("AWAY", status=503, reason=str(exc))
        return file_response(
            content,
            name=f"{invoice.number}.pdf",
            mime="application/pdf",
            inline="download" not in request.GET,
        )

    @property
    def _actor(self) -> User:
        return cast("User", self.request.user)

    def _say(self, why: str, *, status: int, **extra: Any) -> HttpResponse:
        context = self.get_context_data(why=why, number=self.kwargs["number"], **extra)
        response = self.show(context, status=status)
        response["Cache-Control"] = "private, no-store"
        return response

    def _note_refused(self, reason: str) -> None:
        opening.note_refused(
            actor=self._actor, month=self.month, number=self.kwargs["number"], reason=reason
        )
