"""Find the place first; nobody types a building that we have."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from premises.forms import FindForm
from premises.models import Premise
from premises.queries import find_buildings
from utilcrm.web.returning import next_url
from utilcrm.web.views import ListScreen, Screen


class FindPremise(Screen):
    """
    Buildings and premises at an address, while it is being typed.

    Every premise leads to `next` with `premise=<uuid>`; what is missing can be made from here.
    """

    permission_required = "premises.view_premise"
    template_name = "premises/find.html"
    partial_template_name = "premises/_found.html"
    title = _("Find or create a place of supply")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the page, or only what was found."""
        form = FindForm(request.GET)
        typed = {name: request.GET.get(name, "").strip() for name in form.fields}
        found = find_buildings(request.user, **typed)  # type: ignore[arg-type]
        return self.show(
            self.get_context_data(
                form=form,
                typed=typed,
                found=found,
                is_enough=bool(typed["postcode"] and typed["street"]),
                next_url=next_url(request),
            )
        )


class VacantPremises(ListScreen):
    """Premises that nobody is supplied at, the newest first."""

    model = Premise
    permission_required = "premises.view_premise"
    template_name = "premises/vacant.html"
    title = _("Vacant premises")
    order = ("-id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the vacant ones with their building and points of delivery."""
        vacant: Any = super().get_queryset()
        return vacant.vacant().with_address().prefetch_related("points_of_delivery")
