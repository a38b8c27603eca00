"""The connection to the register."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.forms.register import NoFields
from market.models import MarketEndpoint
from market.queries import active_endpoint
from market.services.connecting import check_endpoint
from utilcrm.web.views import OperationView, Screen

SEE = "market.view_registermessage"


class Endpoint(Screen):
    """The endpoint as it is set up, without its secrets."""

    template_name = "market/endpoint.html"
    permission_required = SEE
    title = _("Connection to the register")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        return self.show(self.get_context_data(endpoint=active_endpoint()))


class Check(OperationView):
    """Ask the register who it is."""

    form_class = NoFields
    permission_required = SEE
    title = _("Check the connection")
    submit_label = _("Check now")

    def perform(self, form: NoFields) -> MarketEndpoint:
        """Make the one service call, and say what came of it."""
        endpoint = active_endpoint()
        if endpoint is None:
            raise Http404
        _ok, self.success_message = check_endpoint(endpoint)
        return endpoint

    def get_success_url(self, result: MarketEndpoint) -> str:
        """Show the endpoint with the result."""
        return reverse("market:endpoint")
