"""What the register says of a point of delivery, asked during sign-up."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from devices.queries import meters_at
from market.gateway.canonical import Place, Point
from market.services.comparing import address_of, differences, same_address, state_of
from market.services.looking_up import Answer, look_up
from market.services.wording import point_of
from premises.choices import Division
from premises.models import ConnectionObject, PointOfDelivery, ServiceProvider
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.identifiers import InvalidIdentifier, scheme_for, validate
from utilcrm.web.views import DetailScreen, Screen


class LookUp(Screen):
    """
    Ask about an identifier that is being typed, and compare with the address that is.

    The form of the page is sent along: `asked` names its identifier field, `energy` the division
    where the form does not have one.
    """

    permission_required = "premises.create_premise"
    template_name = "market/_places.html"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer with what the register knows, or with why it is not known."""
        typed = request.POST
        asked = typed.get("asked", "")
        division = typed.get("energy") or typed.get("division", "")
        if division not in Division.values:
            division = Division.ELECTRICITY
        postcode = _address_in(typed)["postcode"]
        try:
            value = validate(
                scheme_for(current_profile().market, division), typed.get(asked, "").strip()
            )
        except InvalidIdentifier as error:
            return self.show(self.get_context_data(answer=Answer(problem=str(error.reason))))
        answer = look_up(
            Point(external_id=value, division=Division(division), postcode=postcode[:10])
        )
        rows = [_row(place, typed, asked) for place in answer.places]
        return self.show(self.get_context_data(answer=answer, rows=rows))


def _row(place: Place, typed: Any, asked: str) -> dict[str, Any]:
    provider = ServiceProvider.objects.filter(
        code=place.operator_code, market=current_profile().market
    ).first()
    address = {"street": place.street, "house_number": place.house_number}
    own = _address_in(typed)
    has_typed = bool(own["street"].strip() and own["postcode"].strip())
    differs = has_typed and not same_address(place, **own)
    fills = {**address, "postcode": place.postcode, "town": place.town, "flat": place.flat}
    if provider is not None:
        fills[_distributor_field(asked)] = str(provider.uuid)
    return {
        "place": place,
        "address": address_of(place),
        "state": state_of(place),
        "differs": differs,
        "fills_json": json.dumps(fills),
    }


def _distributor_field(asked: str) -> str:
    """Return the field beside an identifier's: `electricity_id` has `electricity_distributor`."""
    return "distributor" if asked == "external_id" else f"{asked.removesuffix('_id')}_distributor"


def _address_in(typed: Any) -> dict[str, str]:
    """Return the address that is being typed, or the one of the building that was chosen."""
    found = {
        name: typed.get(name) or typed.get(f"known_{name}", "")
        for name in ("street", "house_number", "postcode")
    }
    try:
        building = ConnectionObject.objects.filter(uuid=uuid.UUID(typed.get("building", "")))
    except ValueError:
        return found
    known = building.first()
    return {name: getattr(known, name) for name in found} if known is not None else found


class PlaceOfPoint(DetailScreen):
    """What the register says of a point of delivery that is here, and where it differs."""

    model = PointOfDelivery
    permission_required = "premises.view_premise"
    template_name = "market/_place.html"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the address along."""
        return super().get_queryset().select_related("premise__connection_object")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Ask, and compare."""
        pod: PointOfDelivery = self.subject
        answer = look_up(point_of(pod))
        today = clock.today()
        serials = {one.serial_number for one in meters_at(pod)}
        rows = [
            {
                "place": place,
                "address": address_of(place),
                "state": state_of(place),
                "differences": differences(place, pod=pod, serials=serials, on=today),
            }
            for place in answer.places
        ]
        return super().get_context_data(answer=answer, rows=rows, **extra)
