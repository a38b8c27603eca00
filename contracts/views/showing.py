"""One contract: its page, and the parts of it that refresh."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from contracts.models import Contract
from contracts.queries import fingerprint, history_of, is_over, journey, papers_of
from contracts.queries.supplying.showing import supplied_by
from contracts.queries.terms import explain_terms
from contracts.queries.totals import totals_of_legs
from contracts.services.evidence import export_evidence
from contracts.services.preflight import run_preflight
from quotations.models import Quotation
from utilcrm.files import file_response
from utilcrm.web import htmx
from utilcrm.web.views import DetailScreen


def strip_of(contract: Contract) -> dict[str, Any]:
    """Return what `components/journey.html` needs; no address to poll once the journey is over."""
    stages = journey(contract)
    mark = fingerprint(stages)
    url = reverse("contracts:journey", args=[contract.uuid])
    return {
        "stages": stages,
        "mark": mark,
        "poll_url": "" if is_over(contract) else f"{url}?seen={mark}",
        "id": f"journey-{contract.number}",
    }


class ContractScreen(DetailScreen):
    """Whatever shows one contract."""

    model = Contract
    permission_required = "contracts.view_contract"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the page shows along."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related(
            "account",
            "business_agreement",
            "quotation",
            "signature_request__document",
            "signature_request__signed_document",
        )


class ContractHead(ContractScreen):
    """Number, state and buttons, which follow the strip."""

    template_name = "contracts/_head.html"


class ContractBody(ContractScreen):
    """Items, agreement, papers and history, which follow the strip."""

    template_name = "contracts/_body.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add items, papers and history."""
        items = list(
            self.subject.items.select_related(
                "pod__premise__connection_object",
                "product",
                "grid_tariff",
                "service_provider",
                "supply_item",
            )
            .prefetch_related("prices", "registers")
            .order_by("position")
        )
        explain_terms(items)
        suppliers = supplied_by(items)
        for item in items:
            item.supplied_by = suppliers.get(item.pk)
        together = []
        if self.subject.signature_request_id:
            together = [
                one
                for one in self.subject.signature_request.contracts.order_by("number")
                if one.pk != self.subject.pk
            ]
        return super().get_context_data(
            items=items,
            totals=totals_of_legs(self.subject, items),
            papers=papers_of(self.subject, viewer=self.request.user),
            history=history_of(self.subject),
            together=together,
            **extra,
        )


class ContractDetail(ContractBody):
    """The whole page."""

    template_name = "contracts/detail.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the journey strip."""
        return super().get_context_data(strip=strip_of(self.subject), **extra)


class Journey(ContractScreen):
    """The journey strip alone: 204 as long as nothing has changed."""

    template_name = "components/journey.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a poll; tells the page when a stage was reached."""
        strip = strip_of(self.subject)
        if request.GET.get("seen") == strip["mark"] and strip["poll_url"]:
            return htmx.nothing_changed()
        return htmx.trigger(self.show(strip), "contract-moved")


class Evidence(ContractScreen):
    """The evidence file of the signature: every line with its hash, for whoever has to prove it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it as JSON, with the chain checked anew."""
        if self.subject.signature_request is None:
            raise Http404
        content = json.dumps(
            export_evidence(self.subject.signature_request), indent=2, ensure_ascii=False
        )
        return file_response(
            content.encode(),
            name=f"evidence-{self.subject.number}.json",
            mime="application/json",
            inline=False,
        )


class Preflight(ContractScreen):
    """What would fail if this contract went to the ERP now."""

    template_name = "contracts/_preflight.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Run the checks."""
        findings = run_preflight(self.subject, viewer=self.request.user)
        return super().get_context_data(findings=findings, **extra)


class QuotationPreflight(DetailScreen):
    """What would fail if this quotation became a contract now."""

    model = Quotation
    permission_required = "quotations.view_quotation"
    template_name = "contracts/_preflight.html"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the checks read."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("account", "business_agreement")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Run the checks."""
        findings = run_preflight(self.subject, viewer=self.request.user)
        return super().get_context_data(
            findings=findings, has_blocks=any(one.is_blocking for one in findings), **extra
        )
