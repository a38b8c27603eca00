"""Answer while an identifier is typed: right or wrong, whose grid, and whether we have it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from premises.choices import Division
from premises.forms import PodForm, SiteForm
from premises.forms.site import POINTS
from premises.models import ConnectionObject, PointOfDelivery
from utilcrm.web.returning import next_url, with_params
from utilcrm.web.views import Screen


class CheckPod(Screen):
    """Answer identifier and distributor of the point whose field htmx was triggered by."""

    permission_required = "premises.create_premise"
    http_method_names = ["post"]
    template_name = "premises/_pod_fields.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Clean the form, and return the two fields of one point."""
        name = request.headers.get("HX-Trigger-Name", "")
        division, identifier, distributor = self._point(name)
        form = self._form(request.POST, name)
        form.is_valid()
        errors = {key: form.errors[key] for key in (identifier, distributor) if key in form.errors}
        value = form.cleaned_data.get(identifier, "")
        if not form.data.get(identifier, "").strip():
            errors = {}
        data = request.POST.copy()
        if value and identifier not in errors:
            data[identifier] = value
            data[distributor] = form.cleaned_data.get(distributor, "")
        shown = self._form(data, name)
        shown._errors = errors
        context = {
            "division": division,
            "identifier": shown[identifier],
            "distributor": shown[distributor],
            "division_field": shown["division"] if "division" in shown.fields else None,
            **self._existing(value if identifier not in errors else ""),
        }
        return render(request, self.template_name, context)

    def _point(self, name: str) -> tuple[str, str, str]:
        if name in ("external_id", "division"):
            division = self.request.POST.get("division", "")
            known = division if division in Division.values else Division.ELECTRICITY.value
            return known, "external_id", "distributor"
        for division, identifier, distributor in POINTS:
            if name == identifier:
                return division.value, identifier, distributor
        raise Http404

    def _form(self, data: Any, name: str) -> Any:
        if name in ("external_id", "division"):
            return PodForm(data, postcode=data.get("known_postcode", ""))
        try:
            key = uuid.UUID(data.get("building", ""))
        except ValueError:
            return SiteForm(data)
        building = ConnectionObject.objects.filter(uuid=key).first()
        if building is None:
            return SiteForm(data)
        return SiteForm(data, has_building=True, postcode=building.postcode)

    def _existing(self, external_id: str) -> dict[str, Any]:
        """Say that we have the point already: where, if the person may see it."""
        if not external_id:
            return {}
        pods = PointOfDelivery.objects.filter(external_id=external_id)
        pod = (
            pods.visible_to(self.request.user).select_related("premise__connection_object").first()
        )
        if pod is None:
            return {"is_hidden": pods.exists()}
        back = next_url(self.request)
        url = with_params(back, premise=pod.premise.uuid, pod=pod.uuid) if back else ""
        return {"known": pod.premise, "known_url": url}
