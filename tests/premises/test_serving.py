"""Who serves a point of delivery, and whose customer lives there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from access.choices import SegmentCode
from events.models import Event
from identification.queries import identify
from premises.choices import ProviderRole, Service
from premises.models import PodService, PointOfDelivery, Premise
from premises.queries import last_supply, overview, vacant_premises
from premises.services.indexing import index_premise
from premises.services.replicating import (
    record_connection_object_erp_number,
    record_pod_erp_numbers,
)
from premises.services.serving import assign_provider, occupy_premise, vacate_premise
from tests.factories.premises import (
    PodServiceFactory,
    PointOfDeliveryFactory,
    PremiseFactory,
    ServiceProviderFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 1)


class TestAProvider:
    def test_takes_over_on_the_day_on_which_the_former_ends(self):
        pod = PointOfDeliveryFactory()
        old = PodServiceFactory(pod=pod, service=Service.SUPPLY)
        supplier = ServiceProviderFactory(role=ProviderRole.SUPPLIER)

        assign_provider(pod=pod, service=Service.SUPPLY, provider=supplier, valid_from=DAY)

        old.refresh_from_db()
        assert old.valid_to == DAY
        (before,) = overview(pod.premise, on=DAY - dt.timedelta(days=1)).supplies
        (after,) = overview(pod.premise, on=DAY).supplies
        assert (before.supplier, after.supplier) == (old.provider, supplier)
        assert last_supply(pod).provider == supplier

    def test_who_is_there_already_changes_nothing(self):
        served = PodServiceFactory(service=Service.SUPPLY)

        again = assign_provider(
            pod=served.pod, service=Service.SUPPLY, provider=served.provider, valid_from=DAY
        )

        assert again == served
        assert PodService.objects.count() == 1

    def test_cannot_serve_beside_another(self):
        served = PodServiceFactory()

        with pytest.raises(IntegrityError), transaction.atomic():
            PodServiceFactory(pod=served.pod, valid_from=DAY)

    def test_that_served_before_is_the_last_supplier_of_a_vacant_premise(self):
        old = PodServiceFactory(service=Service.SUPPLY, valid_to=dt.date(2025, 1, 1))

        (supply,) = overview(old.pod.premise, on=DAY).supplies

        assert not supply.is_supplied
        assert supply.last_supply == old

    def test_overview_costs_the_same_however_many_points(self, django_assert_num_queries):
        premise = PremiseFactory()
        for _number in range(4):
            PodServiceFactory(pod=PointOfDeliveryFactory(premise=premise))

        with django_assert_num_queries(2):
            assert len(overview(premise, on=DAY).supplies) == 4


class TestAPremise:
    def test_is_everybodys_while_vacant_and_the_segments_once_occupied(
        self, agent, corporate_manager, regional_manager, outsider
    ):
        premise = PremiseFactory()
        PointOfDeliveryFactory(premise=premise)
        assert Premise.objects.visible_to(corporate_manager).exists()
        assert not Premise.objects.visible_to(outsider).exists()
        assert list(vacant_premises(agent)) == [premise]

        occupy_premise(premise=premise, segment=SegmentCode.RESIDENTIAL)

        assert not Premise.objects.visible_to(corporate_manager).exists()
        assert not PointOfDelivery.objects.visible_to(corporate_manager).exists()
        assert Premise.objects.visible_to(regional_manager).exists()
        assert list(vacant_premises(agent)) == []

    def test_is_found_by_those_only_who_may_see_its_customer(self):
        premise = PremiseFactory()
        pod = PointOfDeliveryFactory(premise=premise)
        index_premise(premise)
        assert identify(pod.external_id, segments={"CORPORATE"}, region="GB")

        occupy_premise(premise=premise, segment=SegmentCode.RESIDENTIAL, account_id=4711)

        assert not identify(pod.external_id, segments={"CORPORATE"}, region="GB")
        (hit,) = identify(pod.external_id, segments={"RESIDENTIAL"}, region="GB")
        assert hit.account_id == 4711

    def test_vacated_is_nobodys_again(self):
        premise = PremiseFactory(segment=SegmentCode.RESIDENTIAL)
        pod = PointOfDeliveryFactory(premise=premise)
        index_premise(premise, account_id=4711)

        vacate_premise(premise=premise)

        (hit,) = identify(pod.external_id, segments={"CORPORATE"}, region="GB")
        assert hit.account_id is None


class TestTheErpsNumbers:
    def test_are_stored_once_for_each_object(self):
        pod = PointOfDeliveryFactory()
        building = pod.premise.connection_object

        for _time in range(2):
            record_connection_object_erp_number(
                connection_object_uuid=building.uuid, erp_number="0030000001"
            )
            record_pod_erp_numbers(
                pod_uuid=pod.uuid, pod_erp_number="1" * 22, premise_erp_number="0040000001"
            )

        pod.refresh_from_db()
        assert pod.is_replicated
        assert pod.premise.erp_number == "0040000001"
        assert Event.objects.filter(name__endswith=".erp_number_received").count() == 2
