"""Buildings, premises and points of delivery as the ERP's technical objects."""

from __future__ import annotations

from typing import Any

from billing_sync.gateway.mapping.values import day, reference, without_blanks
from premises.models import ConnectionObject, PointOfDelivery


def connection_object(building: ConnectionObject) -> dict[str, Any]:
    """Return a building."""
    return without_blanks(
        ExternalReference=str(building.uuid),
        ConnectionObjectID=building.erp_number,
        Address=without_blanks(
            StreetName=building.street,
            HouseID=building.house_number,
            PostalCode=building.postcode,
            CityName=building.town,
            CountryCode=building.country,
        ),
    )


def point_of_delivery(pod: PointOfDelivery) -> dict[str, Any]:
    """Return a point of delivery with its premise, which the ERP makes if it is new."""
    premise = pod.premise
    building = premise.connection_object
    return without_blanks(
        ExternalReference=str(pod.uuid),
        PointOfDeliveryID=pod.erp_number,
        ConnectionObject=reference(building.uuid, building.erp_number),
        Premise=without_blanks(
            ExternalReference=str(premise.uuid),
            PremiseID=premise.erp_number,
            Flat=premise.flat,
            Floor=premise.floor,
            CategoryCode=premise.kind,
        ),
        ExternalID=pod.external_id,
        SchemeCode=pod.scheme,
        DivisionCode=pod.division,
        ValidFrom=day(pod.valid_from),
        ValidTo=day(pod.valid_to),
        Service=[
            without_blanks(
                TypeCode=service.service,
                ProviderCode=service.provider.code,
                ProviderName=service.provider.name,
                ValidFrom=day(service.valid_from),
                ValidTo=day(service.valid_to),
            )
            for service in pod.services.select_related("provider").order_by("pk")
        ],
    )
