"""Create premises and points of delivery."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from premises.forms import PodForm, SiteForm
from premises.models import ConnectionObject, PointOfDelivery, Premise
from premises.queries import town_of
from premises.services.creating import PodExists, PremiseExists, create_point_of_delivery
from premises.services.establishing import establish_site
from utilcrm.identifiers import InvalidIdentifier
from utilcrm.web.returning import next_url, with_params
from utilcrm.web.views import OperationView


class PlaceOperation(OperationView):
    """
    What both pages share: what exists already is shown, and leads on as if it had been made.

    Returns to `next` with `premise=<uuid>`, or to the premise's page.
    """

    permission_required = "premises.create_premise"
    refusals = {PodExists: None, PremiseExists: "flat", InvalidIdentifier: None}
    known: Premise | None = None
    is_hidden = False

    def remember(self, refusal: PodExists | PremiseExists) -> None:
        """Keep what exists already for the page, if the person may see it."""
        premise = refusal.pod.premise if isinstance(refusal, PodExists) else refusal.premise
        visible = Premise.objects.visible_to(self.request.user).with_address()
        self.known = visible.filter(pk=premise.pk).first()
        self.is_hidden = self.known is None

    def premise_url(self, premise: Premise) -> str:
        """Return where a premise leads to: back to the caller, or to its page."""
        back = next_url(self.request)
        if back:
            return with_params(back, premise=premise.uuid)
        return reverse("interactions:premise", args=[premise.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what exists already, and the way back."""
        return super().get_context_data(
            known=self.known,
            known_url=self.premise_url(self.known) if self.known else "",
            is_hidden=self.is_hidden,
            next_url=next_url(self.request),
            **extra,
        )


class CreatePremise(PlaceOperation):
    """A premise with its points of delivery, in a building (`?building=`) or at an address."""

    form_class = SiteForm
    template_name = "premises/create.html"
    title = _("New place of supply")
    submit_label = _("Create the place of supply")
    success_message = _("The place of supply is created.")

    def load(self) -> None:
        """Load the building that the address names, if it names one."""
        wanted = self.request.POST.get("building") or self.request.GET.get("building")
        self.building = None
        if wanted:
            try:
                key = uuid.UUID(wanted)
            except ValueError as error:
                raise Http404 from error
            self.building = get_object_or_404(ConnectionObject, uuid=key)

    def get_initial(self) -> dict[str, Any]:
        """Take over what was typed to find the place, with the town that the postcode tells."""
        names = ("postcode", "street", "house_number", "town", "flat")
        initial = {name: self.request.GET.get(name, "") for name in names}
        initial["town"] = initial["town"] or town_of(initial["postcode"])
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for no address in a known building."""
        if self.building is None:
            return {}
        return {"has_building": True, "postcode": self.building.postcode}

    def perform(self, form: SiteForm) -> Premise:
        """Create it all at once."""
        try:
            return establish_site(
                building=self.building,
                address=None if self.building else form.address(),
                kind=form.cleaned_data["kind"],
                flat=form.cleaned_data["flat"],
                floor=form.cleaned_data["floor"],
                pods=form.pods(),
                actor=self.request.user,  # type: ignore[arg-type]
            )
        except (PodExists, PremiseExists) as refusal:
            self.remember(refusal)
            raise

    def get_success_url(self, result: Premise) -> str:
        """Go back to the caller, or to the premise."""
        return self.premise_url(result)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the building."""
        return super().get_context_data(building=self.building, **extra)


class CreatePod(PlaceOperation):
    """A further point of delivery at a premise."""

    model = Premise
    form_class = PodForm
    template_name = "premises/pod_create.html"
    title = _("New point of delivery")
    submit_label = _("Create the point of delivery")
    success_message = _("The point of delivery is created.")
    refusals = {PodExists: "external_id", InvalidIdentifier: "external_id"}

    def get_queryset(self) -> Any:
        """Fetch the building with the premise."""
        return super().get_queryset().select_related("connection_object")

    def get_initial(self) -> dict[str, Any]:
        """Take over the energy that was asked for."""
        division = self.request.GET.get("division")
        return {"division": division} if division else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the address propose the distributor."""
        return {"postcode": self.subject.connection_object.postcode}

    def perform(self, form: PodForm) -> PointOfDelivery:
        """Create it."""
        pod = form.pod()
        try:
            return create_point_of_delivery(
                premise=self.subject,
                division=pod.division,
                external_id=pod.external_id,
                distributor=pod.distributor,
                valid_from=pod.valid_from,
                actor=self.request.user,  # type: ignore[arg-type]
            )
        except PodExists as refusal:
            self.remember(refusal)
            raise

    def get_success_url(self, result: PointOfDelivery) -> str:
        """Go back to the caller with both, or to the premise."""
        back = next_url(self.request)
        if back:
            return with_params(back, premise=self.subject.uuid, pod=result.uuid)
        return reverse("interactions:premise", args=[self.subject.uuid])
