"""How each supplier takes our reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.forms.reports import InboxForm
from market.models import SupplierEndpoint
from market.services.reporting import check_inbox, connect_supplier
from products.models import Supplier
from utilcrm.web.views import OperationView, Screen

MAY = "market.report_supply"


class Inboxes(Screen):
    """Every supplier, and where it takes reports."""

    permission_required = MAY
    template_name = "market/reports_inboxes.html"
    title = _("Ways of reporting")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list; it has as many rows as there are suppliers."""
        suppliers = Supplier.objects.select_related("endpoint").order_by("name")
        return self.show(
            self.get_context_data(
                suppliers=suppliers, back_url=reverse("market:reports"), no_rail=True
            )
        )


class SetInbox(OperationView):
    """Set up how one supplier takes reports; whether it answers is looked at once."""

    permission_required = "market.change_supplierendpoint"
    form_class = InboxForm
    title = _("Way of reporting")
    subject: Supplier

    def load(self) -> None:
        """Load the supplier or answer 404."""
        self.subject = self.get_subject()

    def get_queryset(self) -> QuerySet[Any]:
        """Suppliers carry no customer data."""
        return Supplier.objects.select_related("endpoint")

    def get_initial(self) -> dict[str, Any]:
        """Show the present values, never the password."""
        endpoint = getattr(self.subject, "endpoint", None)
        if endpoint is None:
            return {}
        names = ("channel", "url", "username", "upload_days", "is_active")
        return {name: getattr(endpoint, name) for name in names}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Say whose password is kept, if one is."""
        endpoint = getattr(self.subject, "endpoint", None)
        return {"kept_for": endpoint.url if endpoint and endpoint.password_sealed else ""}

    def perform(self, form: InboxForm) -> SupplierEndpoint:
        """Save it, then look whether somebody answers."""
        endpoint = connect_supplier(supplier_id=self.subject.pk, **form.cleaned_data)
        if check_inbox(endpoint):
            messages.success(
                self.request, _("Saved. %(result)s") % {"result": endpoint.check_result}
            )
        else:
            messages.warning(
                self.request, _("Saved, but: %(result)s") % {"result": endpoint.check_result}
            )
        return endpoint

    def get_success_url(self, result: Any) -> str:
        """Show the list."""
        return reverse("market:report_inboxes")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        return super().get_context_data(
            back_url=reverse("market:report_inboxes"), back_label=self.subject.name, **extra
        )
