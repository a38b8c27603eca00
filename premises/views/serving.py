"""Say who runs the grid at a point of delivery."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from premises.choices import Service
from premises.forms.distributor import DistributorForm
from premises.models import PodService, PointOfDelivery
from premises.queries import distributor_at
from premises.services.serving import assign_provider
from utilcrm import clock
from utilcrm.web.returning import next_url
from utilcrm.web.views import OperationView


class AssignDistributor(OperationView):
    """The distributor from a day on: where nothing told it, or where it was told wrongly."""

    model = PointOfDelivery
    permission_required = "premises.create_premise"
    form_class = DistributorForm
    template_name = "premises/distributor.html"
    title = _("Distributor")
    submit_label = _("Set the distributor")
    success_message = _("The distributor is set.")

    def get_queryset(self) -> Any:
        """Fetch the address with the point of delivery."""
        return super().get_queryset().select_related("premise__connection_object")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the distributors of the point's division."""
        return {"division": self.subject.division}

    def get_initial(self) -> dict[str, Any]:
        """Show who is known, and since when the point has been there."""
        known = distributor_at(pod_id=self.subject.pk, day=clock.today())
        return {
            "distributor": str(known.uuid) if known else "",
            "valid_from": clock.today() if known else self.subject.valid_from,
        }

    def perform(self, form: DistributorForm) -> PodService:
        """Set it."""
        return assign_provider(
            pod=self.subject,
            service=Service.DISTRIBUTION,
            provider=form.chosen(),
            valid_from=form.cleaned_data["valid_from"],
        )

    def get_success_url(self, result: PodService) -> str:
        """Go back to the caller, or to the premise."""
        return next_url(self.request) or reverse(
            "interactions:premise", args=[self.subject.premise.uuid]
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        return super().get_context_data(next_url=next_url(self.request), **extra)
