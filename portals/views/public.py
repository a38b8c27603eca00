"""What every page behind a link in a mail has in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from contracts.models import SignatureRequest
from contracts.services import links, signing
from contracts.services.evidence import Visitor
from portals.services import limiting
from utilcrm.web.views import Screen

# Which page tells of what; a page of its own each, because each has another thing to do next.
_PAGES: dict[type[Exception], tuple[str, int]] = {
    links.LinkUnknown: ("portals/sign/unknown.html", 404),
    signing.AlreadySigned: ("portals/sign/signed.html", 200),
    signing.LinkExpired: ("portals/sign/expired.html", 410),
    signing.LinkWithdrawn: ("portals/sign/withdrawn.html", 410),
    signing.DocumentNotReady: ("portals/sign/not_ready.html", 503),
    signing.DocumentAltered: ("portals/sign/altered.html", 409),
    limiting.TooManyTries: ("portals/sign/too_many.html", 429),
}


class LinkScreen(Screen):
    """
    A page whose address is a secret: in the customer's language, kept by no cache, told to nobody.

    Whatever keeps a link from being signed is answered by a page that says what to do next.
    """

    login_required = False

    @property
    def visitor(self) -> Visitor:
        """Return who asks, as far as the wire tells."""
        return Visitor(
            ip_address=self.request.META.get("REMOTE_ADDR", ""),
            user_agent=self.request.headers.get("User-Agent", ""),
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in the language of whoever is to sign."""
        known = self._known()
        language = known.language if known else translation.get_language()
        with translation.override(language):
            try:
                limiting.count_visit(self.visitor.ip_address)
                response = super().dispatch(request, *args, **kwargs)
            except tuple(_PAGES) as exc:
                response = self._explain(exc, known)
        response["Cache-Control"] = "no-store"
        # Not "no-referrer": browsers then call their origin "null", and no form gets through.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    def _known(self) -> SignatureRequest | None:
        try:
            return links.find_request(self.kwargs["token"])
        except links.LinkUnknown:
            return None

    def _explain(self, reason: Exception, known: SignatureRequest | None) -> HttpResponse:
        if isinstance(reason, links.LinkUnknown):
            limiting.count_wrong_link(self.visitor.ip_address)
        if isinstance(reason, signing.DocumentAltered) and known is not None:
            signing.report_altered(request=known, reason=str(reason))
        template, status = next(page for kind, page in _PAGES.items() if isinstance(reason, kind))
        self.template_name = template
        context = {"signature_request": known, "token": self.kwargs["token"]}
        response = self.show(self.get_context_data(**context), status=status)
        if status == 503:
            response["Retry-After"] = "5"
        return response
