"""The ERP endpoint: who answers there, and is it the right one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing_sync.forms import NoFields
from billing_sync.queries import active_endpoint, erp_state
from billing_sync.services.connecting import CheckResult, check_endpoint
from utilcrm.web.views import OperationView, Screen


class Endpoint(Screen):
    """The endpoint as it is set up, without its secrets."""

    template_name = "billing_sync/endpoint.html"
    permission_required = "events.view_messages"
    title = _("Connection to the ERP")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        context = self.get_context_data(endpoint=active_endpoint(), reach=erp_state())
        return self.show(context)


class Check(OperationView):
    """Ask the ERP who it is."""

    form_class = NoFields
    permission_required = "events.view_messages"
    title = _("Check the connection")
    submit_label = _("Check now")

    def perform(self, form: NoFields) -> CheckResult:
        """Make the one service call, and say what came of it."""
        endpoint = active_endpoint()
        if endpoint is None:
            raise Http404
        result = check_endpoint(endpoint)
        self.success_message = result.text
        return result

    def get_success_url(self, result: CheckResult) -> str:
        """Show the endpoint with the result."""
        return reverse("billing_sync:endpoint")
