"""Taking over places of supply from the ERP: set-based, repeatable, and nothing lost in silence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.choices import SegmentCode
from premises.choices import Service
from premises.models import ConnectionObject, PodService, PointOfDelivery, Premise, ServiceProvider
from premises.services.loading import (
    ConnectionObjectRow,
    OccupancyRow,
    PodRow,
    PodServiceRow,
    PremiseRow,
    load_connection_objects,
    load_occupancy,
    load_points_of_delivery,
    load_premises,
)
from premises.services.seeding import seed_market
from tests.factories.premises import ConnectionObjectFactory, PointOfDeliveryFactory, make_mpan

pytestmark = pytest.mark.django_db

MANY = 4_000
SINCE = dt.date(2015, 1, 1)


def building(number: int, **changes: object) -> ConnectionObjectRow:
    """Return the building with this number."""
    values: dict[str, object] = {
        "erp_number": f"{number:010d}",
        "street": "Baker Street",
        "house_number": str(number),
        "postcode": "NW1 6XE",
        "town": "London",
        "country": "GB",
    }
    return ConnectionObjectRow(**(values | changes))  # type: ignore[arg-type]


def premise(number: int, **changes: object) -> PremiseRow:
    """Return the only premise of the building with this number."""
    values: dict[str, object] = {
        "erp_number": f"{number:010d}",
        "connection_object_erp_number": f"{number:010d}",
    }
    return PremiseRow(**(values | changes))  # type: ignore[arg-type]


def pod(number: int, **changes: object) -> PodRow:
    """Return the electricity supply of the premise with this number."""
    values: dict[str, object] = {
        "erp_number": f"{number:022d}",
        "premise_erp_number": f"{number:010d}",
        "division": "ELECTRICITY",
        "external_id": make_mpan(number),
        "valid_from": SINCE,
    }
    return PodRow(**(values | changes))  # type: ignore[arg-type]


def load_site(number: int, **changes: object) -> None:
    """Load a whole site."""
    load_connection_objects([building(number)])
    load_premises([premise(number)])
    load_points_of_delivery([pod(number, **changes)], market="GB")


class TestLoadingSites:
    def test_takes_each_object_below_its_parent(self):
        load_site(1)

        loaded = PointOfDelivery.objects.get()
        assert loaded.scheme == "MPAN"
        assert loaded.premise.connection_object.erp_number == "0000000001"
        assert loaded.premise.is_vacant

    def test_creates_and_changes_nothing_the_second_time(self):
        load_site(1)

        again = [
            load_connection_objects([building(1)]),
            load_premises([premise(1)]),
            load_points_of_delivery([pod(1)], market="GB"),
        ]

        assert [(one.created, one.updated, one.rejects) for one in again] == [(0, 0, [])] * 3

    def test_rejects_what_has_no_parent_and_takes_it_once_it_has(self):
        loaded = load_points_of_delivery([pod(1)], market="GB")
        assert [one.code for one in loaded.rejects] == ["PARENT_MISSING"]
        assert "0000000001" in loaded.rejects[0].reason
        loaded = load_premises([premise(1)])
        assert [one.code for one in loaded.rejects] == ["PARENT_MISSING"]

        load_site(1)
        assert PointOfDelivery.objects.count() == 1

    def test_recognises_what_the_erp_has_from_us(self):
        ours = PointOfDeliveryFactory(external_id=make_mpan(1))
        load_connection_objects(
            [building(1, external_reference=ours.premise.connection_object.uuid)]
        )
        load_premises([premise(1, external_reference=ours.premise.uuid)])

        loaded = load_points_of_delivery([pod(1, external_reference=ours.uuid)], market="GB")

        assert loaded.created == 0
        assert PointOfDelivery.objects.get().erp_number == f"{1:022d}"
        assert (ConnectionObject.objects.count(), Premise.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"external_id": "2000052180113"}, "IDENTIFIER_INVALID"),
            ({"division": "WATER"}, "IDENTIFIER_INVALID"),
            ({"valid_to": SINCE}, "IDENTIFIER_INVALID"),
            ({"erp_number": "x" * 23}, "IDENTIFIER_INVALID"),
        ],
    )
    def test_keeps_out_what_cannot_be_right_and_says_why(self, changes, code):
        load_site(2)
        load_connection_objects([building(1)])
        load_premises([premise(1)])

        loaded = load_points_of_delivery([pod(1, **changes)], market="GB")

        assert [one.code for one in loaded.rejects] == [code]
        assert PointOfDelivery.objects.count() == 1

    def test_keeps_out_an_identifier_that_another_point_has(self):
        load_site(1)
        load_connection_objects([building(2)])
        load_premises([premise(2)])

        loaded = load_points_of_delivery([pod(2, external_id=make_mpan(1))], market="GB")

        assert [one.code for one in loaded.rejects] == ["IDENTIFIER_TAKEN"]

    def test_keeps_out_a_building_without_an_address(self):
        loaded = load_connection_objects([building(1, street=""), building(2)])

        assert loaded.created == 1
        assert [one.code for one in loaded.rejects] == ["ADDRESS_INCOMPLETE"]

    def test_leaves_two_buildings_at_one_address_apart(self):
        ConnectionObjectFactory(house_number="1")

        assert load_connection_objects([building(1)]).created == 1


class TestLoadingServices:
    def test_keeps_who_supplied_before_and_makes_unknown_providers(self):
        load_site(
            1,
            services=(
                PodServiceRow("SUPPLY", "OLD", SINCE, dt.date(2020, 1, 1), "Brightside"),
                PodServiceRow("SUPPLY", "OWN", dt.date(2020, 1, 1), None, "Unified Power"),
            ),
        )

        supplies = PodService.objects.filter(service=Service.SUPPLY).order_by("valid_from")
        assert [one.provider.name for one in supplies] == ["Brightside", "Unified Power"]

    def test_derives_the_distributor_that_the_identifier_names(self):
        seed_market("GB")

        load_site(1)

        service = PodService.objects.get(service=Service.DISTRIBUTION)
        assert service.provider.name == "UK Power Networks (London)"

    def test_ends_a_provider_where_the_next_begins_even_if_the_erp_forgot(self):
        load_site(
            1,
            services=(
                PodServiceRow("SUPPLY", "OLD", SINCE),
                PodServiceRow("SUPPLY", "OWN", dt.date(2020, 1, 1)),
            ),
        )

        old = PodService.objects.get(provider__code="OLD")
        assert old.valid_to == dt.date(2020, 1, 1)

    def test_follows_a_change_and_leaves_what_is_not_told(self):
        load_site(1, services=(PodServiceRow("METERING", "M", SINCE),))
        point = PointOfDelivery.objects.get()
        ours = ServiceProvider.objects.create(code="D", name="D", role="DISTRIBUTOR", market="GB")
        PodService.objects.create(
            pod=point, service=Service.DISTRIBUTION, provider=ours, valid_from=SINCE
        )

        changed = pod(1, services=(PodServiceRow("METERING", "N", SINCE),))
        load_points_of_delivery([changed], market="GB")

        served = PodService.objects.values_list("service", "provider__code")
        assert set(served) == {("METERING", "N"), ("DISTRIBUTION", "D")}


class TestLoadingOccupancy:
    def test_decides_who_may_see_the_premise(self, corporate_manager, regional_manager):
        load_site(1)

        loaded = load_occupancy(
            [OccupancyRow("0000000001", "RESIDENTIAL"), OccupancyRow("0000000009", "CORPORATE")]
        )

        assert loaded.updated == 1
        assert [one.code for one in loaded.rejects] == ["PARENT_MISSING"]
        assert Premise.objects.visible_to(regional_manager).exists()
        assert not Premise.objects.visible_to(corporate_manager).exists()
        assert not PointOfDelivery.objects.visible_to(corporate_manager).exists()

    def test_makes_a_premise_vacant_again(self):
        load_site(1)
        load_occupancy([OccupancyRow("0000000001", SegmentCode.RESIDENTIAL)])

        load_occupancy([OccupancyRow("0000000001", None)])

        assert Premise.objects.get().is_vacant


class TestLoadingMany:
    def test_is_set_based(self):
        pages = [range(start, start + 2000) for start in range(1, MANY + 1, 2000)]
        own = (PodServiceRow("SUPPLY", "OWN", SINCE),)
        read = [
            (
                [building(n) for n in page],
                [premise(n) for n in page],
                [pod(n, services=own) for n in page],
            )
            for page in pages
        ]

        with CaptureQueriesContext(connection) as queries:
            for buildings, premises, pods in read:
                load_connection_objects(buildings)
                load_premises(premises)
                load_points_of_delivery(pods, market="GB")

        assert PodService.objects.count() == PointOfDelivery.objects.count() == MANY
        assert len(queries) <= 45 * len(pages)
