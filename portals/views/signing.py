"""Read, agree, sign."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from contracts.models import SignatureRequest
from contracts.services import signing
from contracts.services.signing import CONSENT_VERSION, SignatureIncomplete
from portals.forms.signing import SignForm
from portals.views.public import LinkScreen


class Sign(LinkScreen):
    """The one page of a customer who signs: who, what, prices, start; the PDF; the signature."""

    template_name = "portals/sign/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what is to be signed, and note that the link was opened."""
        found = signing.open_link(token=kwargs["token"], visitor=self.visitor)
        form = SignForm(
            initial={
                "signer_name": found.account.name,
                "typed_name": found.account.name,
                "seen_sha256": found.document.sha256,
                "signature_method": "DRAWN",
            }
        )
        return self._page(found, form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign, or say what is missing and keep what was given."""
        token = kwargs["token"]
        form = SignForm(request.POST)
        if form.is_valid():
            try:
                signing.sign(token=token, signature=form.signature(), visitor=self.visitor)
            except SignatureIncomplete as exc:
                form.add_error(None, str(exc))
            else:
                return redirect("portals:sign", token=token)
        found = signing.open_link(token=token, visitor=self.visitor)
        return self._page(found, form, status=422)

    def _page(self, found: SignatureRequest, form: SignForm, *, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            form=form,
            token=self.kwargs["token"],
            signature_request=found,
            order=found.document.context,
            consent_version=CONSENT_VERSION,
        )
        return self.show(context, status=status)
