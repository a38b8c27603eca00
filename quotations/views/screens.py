"""Screens that only show: the list, one quotation, its state, its letter before it is sent."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from correspondence.models import Document
from correspondence.services.rendering import render_page
from events.queries.timeline import for_subject
from quotations.choices import QuotationStatus
from quotations.forms.editor import Editor
from quotations.forms.sending import FilterForm
from quotations.models import Quotation
from quotations.queries.listing import seen_mark
from quotations.queries.printing import pdf_context
from quotations.services.pricing import items_of
from quotations.services.sending import PDF_TEMPLATE
from utilcrm import clock, pdf
from utilcrm.web import htmx
from utilcrm.web.views.screens import DetailScreen, ListScreen


class QuotationList(ListScreen):
    """All quotations that a person may see, the newest first."""

    model = Quotation
    permission_required = "quotations.view_quotation"
    template_name = "quotations/list.html"
    partial_template_name = "quotations/_list.html"
    filter_form_class = FilterForm
    title = _("Quotations")

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch customers, items and who drew it up along with the quotations."""
        return (
            super()
            .get_queryset()
            .select_related("account", "changed_by")
            .prefetch_related("items__product")
        )

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep one status, or one's own."""
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["mine"]:
            rows = rows.filter(created_by=self.request.user)
        return rows


class QuotationDetail(DetailScreen):
    """One quotation: what was offered, until when, and what became of it."""

    model = Quotation
    permission_required = "quotations.view_quotation"
    template_name = "quotations/detail.html"
    context_name = "quotation"
    request: Any  # somebody of the staff is logged in

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the page shows along with the quotation."""
        return (
            super()
            .get_queryset()
            .select_related(
                "account",
                "business_agreement",
                "premise__connection_object",
                "document",
                "created_by",
                "changed_by",
            )
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add prices, costs, documents and the story so far."""
        quotation: Quotation = self.subject
        documents = Document.objects.visible_to(self.request.user).about(
            Quotation._meta.label, quotation.uuid
        )
        return super().get_context_data(
            editor=Editor(quotation, self.request.user),
            is_binding=quotation.is_binding(clock.now()),
            documents=documents,
            events=for_subject(quotation),
            **extra,
        )


class QuotationStatusFragment(DetailScreen):
    """The state of a quotation and its letter, asked for again while somebody looks."""

    model = Quotation
    permission_required = "quotations.view_quotation"
    template_name = "quotations/_state.html"
    context_name = "quotation"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the letter along with the quotation."""
        return super().get_queryset().select_related("document", "account")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer only if something has changed since `seen`."""
        quotation: Quotation = self.subject
        if request.GET.get("seen") == seen_mark(quotation):
            return htmx.nothing_changed()
        response = self.show(self.get_context_data())
        if request.GET.get("seen", "").partition("-")[0] != quotation.status:
            # Another status has other buttons: the whole page is shown anew.
            response["HX-Refresh"] = "true"
        return response

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what the next question is to be compared with."""
        return super().get_context_data(
            seen=seen_mark(self.subject), is_binding=self.subject.is_binding(clock.now()), **extra
        )


class PreviewQuotation(DetailScreen):
    """The letter as it would go out now, marked as a draft; made in the request, kept nowhere."""

    model = Quotation
    permission_required = "quotations.view_quotation"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what is printed along with the quotation."""
        return super().get_queryset().select_related("account", "premise__connection_object")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the PDF."""
        quotation: Quotation = self.subject
        language = quotation.account.language
        with translation.override(language):
            context = pdf_context(quotation, items_of(quotation), language=language)
        page = Document(
            language=language,
            template=PDF_TEMPLATE.name,
            template_version=PDF_TEMPLATE.version,
            context=context | {"is_preview": quotation.status == QuotationStatus.DRAFT},
        )
        response = HttpResponse(pdf.render_html(render_page(page)), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{quotation.number}.pdf"'
        response["Cache-Control"] = "no-store"
        return response
