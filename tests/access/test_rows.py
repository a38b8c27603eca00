"""Who sees which customers, and decides how much."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from guardian.shortcuts import assign_perm

from access.choices import Role
from access.models import Segment
from access.queries import VIEW_SEGMENT, discount_limit, segments_of
from access.roles import PERMISSIONS
from access.services.roles import sync_roles
from accounts.models import Account
from interactions.models import Interaction
from premises.models import PointOfDelivery
from service.models import Promise
from tests.support.people import make_person


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "segments"),
    [
        (Role.PHONE_SALES_AGENT, {"RESIDENTIAL", "CORPORATE"}),
        (Role.REGIONAL_SALES_MANAGER, {"RESIDENTIAL"}),
        (Role.CORPORATE_RELATIONS_MANAGER, {"CORPORATE"}),
    ],
)
def test_a_role_sees_the_segments_that_its_line_names(role: Role, segments: set[str]) -> None:
    assert segments_of(make_person("someone", role)) == segments


@pytest.mark.django_db
def test_nobody_sees_customers_without_a_role_or_when_deactivated(agent, outsider) -> None:
    assert segments_of(AnonymousUser()) == frozenset()
    assert segments_of(outsider) == frozenset()
    agent.is_active = False
    agent.save()
    assert segments_of(agent) == frozenset()


@pytest.mark.django_db
def test_a_superuser_without_a_role_sees_no_customer(outsider) -> None:
    outsider.is_superuser = True
    outsider.save()
    assert segments_of(outsider) == frozenset()


@pytest.mark.django_db
def test_a_segment_granted_to_one_person_is_that_persons_alone(outsider, agent) -> None:
    corporate = Segment.objects.get(code="CORPORATE")

    assign_perm(VIEW_SEGMENT, outsider, corporate)

    assert segments_of(outsider) == {"CORPORATE"}
    assert segments_of(agent) == {"CORPORATE", "RESIDENTIAL"}
    assert segments_of(make_person("other")) == frozenset()


@pytest.mark.django_db
def test_another_right_on_a_segment_does_not_show_its_customers(outsider) -> None:
    assign_perm("access.change_segment", outsider, Segment.objects.get(code="CORPORATE"))

    assert segments_of(outsider) == frozenset()


@pytest.mark.django_db
def test_the_highest_of_several_limits_counts() -> None:
    both = make_person("both", Role.PHONE_SALES_AGENT, Role.SALES_SUPERVISOR)
    assert discount_limit(both) == Decimal(15)


@pytest.mark.django_db
def test_the_table_of_roles_can_be_written_again_without_a_change(agent) -> None:
    before = agent.get_all_permissions()
    sync_roles()
    assert type(agent).objects.get(pk=agent.pk).get_all_permissions() == before


@pytest.mark.django_db
def test_every_role_holds_just_what_its_line_names() -> None:
    for role in Role:
        person = make_person(f"of_{role.lower()}", role)
        held = {name for name in person.get_all_permissions() if name != "access.view_segment"}
        assert held == set(PERMISSIONS[role]), role


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Account, Promise, Interaction])
def test_whoever_sees_every_segment_is_spared_the_way_to_the_customer(
    model, agent, corporate_manager, outsider
) -> None:
    assert "segment" not in str(model.objects.visible_to(agent).values("pk").query)
    assert "segment" in str(model.objects.visible_to(corporate_manager).values("pk").query)
    assert not model.objects.visible_to(outsider).exists()


@pytest.mark.django_db
def test_what_may_have_no_segment_is_asked_for_it_all_the_same(agent) -> None:
    rows = PointOfDelivery.objects.visible_to(agent)

    assert "segment" in str(rows.values("pk").query)
