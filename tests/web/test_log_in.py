"""The door: log-in, its refusals and its way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import override_settings

from access.models import User
from tests.support.people import PASSWORD, TenantClient

pytestmark = pytest.mark.django_db


def test_the_page_lets_a_password_manager_help(client_for: Callable[..., TenantClient]) -> None:
    page = client_for(None).get("/login/").content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'class="input"' in page


def test_the_right_password_leads_to_where_one_wanted_to_go(
    client_for: Callable[..., TenantClient], agent: User
) -> None:
    door = client_for(None)
    answer = door.post("/login/?next=/styleguide/", {"login": agent.username, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/styleguide/"


def test_a_wrong_one_does_not_say_whether_the_person_exists(
    client_for: Callable[..., TenantClient], agent: User
) -> None:
    door = client_for(None)
    wrong = door.post("/login/", {"login": agent.username, "password": "wrong"})
    nobody = door.post("/login/", {"login": "nobody", "password": "wrong"})
    said = [list(answer.context["form"].non_field_errors()) for answer in (wrong, nobody)]
    assert said[0]
    assert said[0] == said[1]
    assert "error-summary" in wrong.content.decode()


def test_nobody_signs_up_as_staff(client_for: Callable[..., TenantClient]) -> None:
    answer = client_for(None).get("/signup/")
    assert "made by your administrator" in answer.content.decode()


@pytest.mark.parametrize("address", ["/password/reset/", "/password/reset/done/"])
def test_a_forgotten_password_has_a_page_in_our_own_look(
    client_for: Callable[..., TenantClient], address: str
) -> None:
    answer = client_for(None).get(address)
    assert answer.status_code == 200
    assert "public-narrow" in answer.content.decode()


def test_a_change_of_password_has_one_too(
    client_for: Callable[..., TenantClient], agent: User
) -> None:
    answer = client_for(agent).get("/password/change/")
    assert answer.status_code == 200
    assert "public-narrow" in answer.content.decode()


def test_logging_out_takes_a_click(client_for: Callable[..., TenantClient], agent: User) -> None:
    at_desk = client_for(agent)
    assert at_desk.get("/logout/").status_code == 200
    assert at_desk.post("/logout/").status_code == 302
    assert at_desk.get("/password/change/").status_code == 302


class Broken:
    """A database that has just gone."""

    def authenticate(self, request: HttpRequest, **credentials: object) -> None:
        raise OperationalError("the server closed the connection")


def test_a_broken_database_is_not_counted_as_a_wrong_password(
    client_for: Callable[..., TenantClient], agent: User
) -> None:
    door, facts = client_for(None), {"login": agent.username, "password": PASSWORD}
    with override_settings(AUTHENTICATION_BACKENDS=[f"{__name__}.Broken"]):
        for _time in range(6):
            with pytest.raises(OperationalError):
                door.post("/login/", facts)
    assert door.post("/login/", facts).status_code == 302


def test_a_whole_shift_logs_in_behind_one_address(
    client_for: Callable[..., TenantClient], agent: User
) -> None:
    for _person in range(60):
        facts = {"login": agent.username, "password": PASSWORD}
        assert client_for(None).post("/login/", facts).status_code == 302
