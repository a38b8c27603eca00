"""The four variants: who calls there, and where energy is wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from premises.models import PointOfDelivery
from tests.journeys.walking import IBAN, MPAN, NEWCOMERS_NUMBER, NORA, Newcomer


@dataclass(frozen=True)
class Variant:
    """What a test of one variant begins with; `roles` are the items a point of delivery has."""

    number: str
    iban: str
    roles: tuple[str, ...]
    newcomer: Newcomer = NORA
    identifier: str = ""
    serial: str = ""

    @property
    def has_devices(self) -> bool:
        """Whether place and meter come from the ERP's book instead of being typed."""
        return not self.identifier


SUPPLY = ("SUPPLY",)
BOTH = ("SUPPLY", "GRID_USAGE")
KIEL = replace(NORA, house_number="17a", street="Hafenstraße", town="Kiel", postcode="24103")

VARIANTS = {
    "unified": Variant(NEWCOMERS_NUMBER, IBAN, SUPPLY, identifier=MPAN, serial="E10BG45821"),
    "nordlicht": Variant(
        "+493023125461",
        "DE89370400440532013000",
        BOTH,
        KIEL,
        identifier="51238696781",
        serial="1EMH0012345678",
    ),
    "ribera": Variant("+34910123461", "ES9121000418450200051332", SUPPLY),
    "havn": Variant("+4532123461", "DK5000400440116243", BOTH),
}


def empty_place() -> PointOfDelivery:
    """Return where a customer of the ERP has moved out, at the only supply of a vacant flat."""
    return (
        PointOfDelivery.objects.filter(
            premise__segment=None, contract_items__status="ENDED", division="ELECTRICITY"
        )
        .exclude(contract_items__status="COMPLETED")
        .select_related("premise__connection_object")
        .earliest("pk")
    )


def living_at(pod: PointOfDelivery) -> Newcomer:
    """Return the newcomer as somebody who has just moved into a flat."""
    building = pod.premise.connection_object
    return replace(
        NORA,
        house_number=building.house_number,
        street=building.street,
        town=building.town,
        postcode=building.postcode,
    )
