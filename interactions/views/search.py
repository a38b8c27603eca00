"""The one search box."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from access.queries import segments_of
from identification.choices import EntryKind
from identification.queries import Hit, identify
from tenants.queries import current_profile
from utilcrm.web.views import Screen

MOST = 12
"""Hits that fit under the box without scrolling."""


class Search(Screen):
    """
    Find accounts and premises by anything a caller says.

    htmx gets the list that drops down, a browser the page, `format=json` plain data.
    """

    permission_required = "access.use_workbench"
    template_name = "interactions/search.html"
    partial_template_name = "components/search_results.html"
    title = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer one search; nothing is counted and nothing beyond the limit is read."""
        text = request.GET.get("q", "")[:200].replace("\x00", "").strip()
        profile = current_profile()
        answer = identify(
            text, segments=segments_of(request.user), limit=MOST, region=profile.phone_region
        )
        if request.GET.get("format") == "json":
            return JsonResponse(
                {"hits": [_as_json(hit) for hit in answer.hits], "more": answer.more}
            )
        accounts = [_shown(hit) for hit in answer.hits if hit.kind == EntryKind.ACCOUNT]
        premises = [_shown(hit) for hit in answer.hits if hit.kind == EntryKind.PREMISE]
        groups = [
            (heading, hits)
            for heading, hits in ((_("Accounts"), accounts), (_("Premises"), premises))
            if hits
        ]
        only = answer.only
        return self.show(
            self.get_context_data(
                title=_("Search"),
                text=text,
                search_text=text,
                groups=groups,
                more=_("There are more. Add a town, a postcode or a first name.")
                if answer.more
                else "",
                create_url=self._create_url(text),
                auto_confirm=self._confirm_url(only)
                if only and profile.auto_confirm_unique
                else "",
            )
        )

    def _create_url(self, text: str) -> str:
        if not text or not self.request.user.has_perm("accounts.create_account"):
            return ""
        return reverse("accounts:create")

    def _confirm_url(self, hit: Hit) -> str:
        if not self.request.user.has_perm("interactions.handle_interaction"):
            return ""
        return reverse("interactions:confirm", args=[hit.kind.lower(), hit.subject_uuid])


def _address(hit: Hit) -> str:
    name = "interactions:account" if hit.kind == EntryKind.ACCOUNT else "interactions:premise"
    return reverse(name, args=[hit.subject_uuid])


def _shown(hit: Hit) -> dict[str, Any]:
    return {
        "url": _address(hit),
        "label": hit.label,
        "sublabel": hit.sublabel,
        "why": _why(hit),
        "icon": "account" if hit.kind == EntryKind.ACCOUNT else "premise",
    }


def _why(hit: Hit) -> SafeString:
    """Point at what was matched; what is only near says so."""
    return format_html_join(
        " ",
        "{}",
        (
            (
                format_html("<mark>{}</mark>", reason.text)
                if reason.is_exact
                else format_html("<mark>≈ {}</mark>", reason.text),
            )
            for reason in hit.why
        ),
    )


def _as_json(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "uuid": str(hit.subject_uuid),
        "label": hit.label,
        "sublabel": hit.sublabel,
        "why": [reason.field for reason in hit.why],
        "score": float(hit.score),
    }
