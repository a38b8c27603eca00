"""Finding and creating places of supply."""

from __future__ import annotations

import pytest
from django.urls import reverse

from access.choices import SegmentCode
from events.models import Event
from premises.choices import Division, Service
from premises.models import ConnectionObject, PodService, PointOfDelivery, Premise
from premises.services.seeding import seed_market
from tests.factories.premises import (
    ConnectionObjectFactory,
    PointOfDeliveryFactory,
    PremiseFactory,
    make_mpan,
)

pytestmark = pytest.mark.django_db

MPAN = make_mpan(123_456)


@pytest.fixture(autouse=True)
def _networks() -> None:
    seed_market("GB")


def site(**changes: str) -> dict[str, str]:
    """Return a new flat with electricity, as typed."""
    return {
        "street": "Baker Street",
        "house_number": "221b",
        "postcode": "nw16xe",
        "town": "London",
        "kind": "HOUSEHOLD",
        "flat": "Flat 1",
        "floor": "",
        "electricity_id": MPAN,
        "gas_id": "",
        **changes,
    }


class TestFinding:
    def test_proposes_what_lies_in_the_street_while_it_is_typed(self, client_for, agent):
        premise = PremiseFactory(connection_object__house_number="7", flat="Flat 2")
        pod = PointOfDeliveryFactory(premise=premise)

        response = client_for(agent).get(
            "/premises/find/",
            {"postcode": "nw1 6xe", "street": "baker", "next": "/quotations/new/?account=1"},
            headers={"HX-Request": "true"},
        )

        page = response.content.decode()
        assert "7 Baker Street, London NW1 6XE" in page
        assert pod.external_id in page
        assert f"/quotations/new/?account=1&amp;premise={premise.uuid}" in page

    @pytest.mark.parametrize("street", ["BAKER ST", "Baker Street", "baker st."])
    def test_finds_the_street_however_it_is_written(self, client_for, agent, street):
        ConnectionObjectFactory(house_number="9")

        page = client_for(agent).get("/premises/find/", {"postcode": "NW16XE", "street": street})

        assert "9 Baker Street" in page.content.decode()

    def test_counts_the_premises_of_hidden_customers_without_showing_them(
        self, client_for, corporate_manager
    ):
        premise = PremiseFactory(flat="Flat 77", segment=SegmentCode.RESIDENTIAL)
        pod = PointOfDeliveryFactory(premise=premise)

        page = (
            client_for(corporate_manager)
            .get("/premises/find/", {"postcode": "NW1 6XE", "street": "Baker"})
            .content.decode()
        )

        assert "One more premise" in page
        assert "Flat 77" not in page
        assert pod.external_id not in page

    def test_costs_the_same_however_many_premises(
        self, client_for, agent, django_assert_max_num_queries
    ):
        for _number in range(12):
            building = ConnectionObjectFactory()
            for flat in ("1", "2", "3"):
                PointOfDeliveryFactory(
                    premise=PremiseFactory(connection_object=building, flat=flat)
                )
        browser = client_for(agent)
        address = {"postcode": "NW1 6XE", "street": "Baker"}
        browser.get("/premises/find/", address)

        with django_assert_max_num_queries(13):
            browser.get("/premises/find/", address, headers={"HX-Request": "true"})


class TestCreatingAPlaceOfSupply:
    def test_makes_building_premise_and_point_and_returns_to_the_caller(self, client_for, agent):
        typed = site(next="/quotations/new/?account=1", gas_id="3512466807")

        response = client_for(agent).post("/premises/new/", typed)

        premise = Premise.objects.get()
        assert response["Location"] == f"/quotations/new/?account=1&premise={premise.uuid}"
        assert premise.connection_object.postcode == "NW1 6XE"
        assert premise.is_vacant
        schemes = premise.points_of_delivery.order_by("division").values_list("scheme", flat=True)
        assert list(schemes) == ["MPAN", "MPRN"]
        assert Event.objects.filter(name="premises.point_of_delivery.created").count() == 2

    def test_derives_the_distributor_from_the_identifier(self, client_for, agent):
        client_for(agent).post("/premises/new/", site())

        service = PodService.objects.get(service=Service.DISTRIBUTION)
        assert service.provider.name == "UK Power Networks (London)"

    def test_uses_the_building_that_is_there_already(self, client_for, agent):
        building = ConnectionObjectFactory(house_number="221B")

        client_for(agent).post("/premises/new/", site(street="baker st", house_number="221 b"))

        assert ConnectionObject.objects.get() == building
        assert Premise.objects.get().connection_object == building

    @pytest.mark.parametrize(
        ("name", "typed", "words"),
        [
            ("electricity_id", MPAN[:-1] + str((int(MPAN[-1]) + 1) % 10), "check digit"),
            ("electricity_id", "123", "MPAN has 13 digits"),
            ("electricity_id", "", "at least one point of delivery"),
            ("gas_id", "12", "MPRN has 6 to 10 digits"),
            ("postcode", "12", "is not a postcode of GB"),
            ("street", "", "This field is required"),
        ],
    )
    def test_keeps_what_was_typed_and_names_the_failed_check(
        self, client_for, agent, name, typed, words
    ):
        response = client_for(agent).post("/premises/new/", site(**{name: typed}))

        page = response.content.decode()
        assert response.status_code == 422
        assert words in page
        assert 'value="Flat 1"' in page
        assert not ConnectionObject.objects.exists()

    def test_leads_to_the_point_of_delivery_that_exists_already(self, client_for, agent):
        pod = PointOfDeliveryFactory(external_id=MPAN)

        response = client_for(agent).post("/premises/new/", site(next="/quotations/new/"))

        page = response.content.decode()
        assert response.status_code == 422
        assert f"/quotations/new/?premise={pod.premise.uuid}" in page
        assert Premise.objects.count() == 1

    def test_tells_nothing_of_a_hidden_place_but_that_it_exists(
        self, client_for, corporate_manager
    ):
        premise = PremiseFactory(segment=SegmentCode.RESIDENTIAL, flat="Flat 77")
        PointOfDeliveryFactory(external_id=MPAN, premise=premise)

        response = client_for(corporate_manager).post("/premises/new/", site())

        page = response.content.decode()
        assert "Ask your supervisor" in page
        assert "Flat 77" not in page
        assert str(premise.uuid) not in page

    def test_refuses_the_same_flat_twice(self, client_for, agent):
        building = ConnectionObjectFactory()
        PremiseFactory(connection_object=building, flat="Flat 1")

        response = client_for(agent).post(
            "/premises/new/", site(building=str(building.uuid), flat="flat  1")
        )

        assert response.status_code == 422
        assert "exists already in the building" in response.content.decode()

    def test_is_not_for_everybody(self, client_for, clerk, outsider):
        assert client_for(clerk).get("/premises/new/").status_code == 403
        assert client_for(outsider).get("/premises/find/").status_code == 403
        assert client_for(None).get("/premises/new/").status_code == 302

    def test_answers_a_building_that_is_none_with_not_found(self, client_for, agent):
        assert client_for(agent).get("/premises/new/?building=x").status_code == 404


class TestAddingAPointOfDelivery:
    def test_returns_with_premise_and_point(self, client_for, agent):
        premise = PremiseFactory()

        response = client_for(agent).post(
            f"/premises/{premise.uuid}/points-of-delivery/new/",
            {
                "division": "GAS",
                "external_id": "3512466807",
                "valid_from": "2026-11-01",
                "next": "/quotations/new/",
            },
        )

        pod = PointOfDelivery.objects.get()
        assert response["Location"] == f"/quotations/new/?premise={premise.uuid}&pod={pod.uuid}"
        assert pod.division == Division.GAS

    def test_is_not_found_at_a_hidden_premise(self, client_for, corporate_manager):
        premise = PremiseFactory(segment=SegmentCode.RESIDENTIAL)

        response = client_for(corporate_manager).get(
            f"/premises/{premise.uuid}/points-of-delivery/new/"
        )

        assert response.status_code == 404


class TestCheckingAnIdentifier:
    def check(self, browser, name: str, **typed: str) -> str:
        response = browser.post("/premises/check/", typed, headers={"HX-Trigger-Name": name})
        return response.content.decode()

    def test_normalises_it_and_chooses_the_distributor(self, client_for, agent):
        spaced = f"03 801 100 {MPAN[:2]} {MPAN[2:6]} {MPAN[6:10]} {MPAN[10:]}"

        page = self.check(client_for(agent), "electricity_id", **site(electricity_id=spaced))

        assert f'value="{MPAN}"' in page
        assert "selected>UK Power Networks (London)" in page

    def test_says_which_check_failed(self, client_for, agent):
        page = self.check(client_for(agent), "external_id", division="GAS", external_id="12")

        assert "MPRN has 6 to 10 digits" in page

    def test_asks_for_a_distributor_that_nothing_tells(self, client_for, agent):
        page = self.check(
            client_for(agent),
            "external_id",
            division="GAS",
            external_id="3512466807",
            known_postcode="ZE1 0AA",
        )

        assert "Nothing tells the distributor" in page

    def test_says_that_we_have_it(self, client_for, agent):
        PointOfDeliveryFactory(external_id=MPAN)

        page = self.check(client_for(agent), "electricity_id", **site())

        assert "We have this place already" in page


class TestVacantPremises:
    def test_are_listed_apart_from_customers(self, client_for, agent):
        vacant = PremiseFactory(flat="Empty")
        PremiseFactory(flat="Taken", segment=SegmentCode.RESIDENTIAL)

        page = client_for(agent).get("/premises/vacant/").content.decode()

        assert reverse("interactions:premise", args=[vacant.uuid]) in page
        assert "Taken" not in page
