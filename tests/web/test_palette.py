"""Who is offered which command."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from access.models import User
from utilcrm.web import palette
from utilcrm.web.palette import Command, NavItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A palette of its own for each test."""
    monkeypatch.setattr(palette, "_commands", {})
    monkeypatch.setattr(palette, "_navigation", {})


@pytest.fixture
def request_of(offered: None) -> Callable[..., HttpRequest]:
    def make(user: User, path: str = "/") -> HttpRequest:
        request = RequestFactory().get(path)
        request.user = user
        return request

    return make


def keys(request: HttpRequest) -> list[str]:
    return [command["key"] for _, commands in palette.commands_for(request) for command in commands]


def test_a_command_needs_its_permission(
    request_of: Callable[..., HttpRequest], agent: User, outsider: User
) -> None:
    palette.register(Command("a", "New", "account_login", permission="accounts.create_account"))
    assert keys(request_of(agent)) == ["a"]
    assert keys(request_of(outsider)) == []


def test_a_command_that_has_no_address_now_is_left_out(
    request_of: Callable[..., HttpRequest], agent: User
) -> None:
    palette.register(
        Command("away", "Away", lambda _: None),
        Command("unknown", "Unknown", "no:such_name"),
        Command("here", "Here", lambda request: f"{request.path}x/"),
    )
    offered = palette.commands_for(request_of(agent, "/accounts/"))
    assert [command["url"] for _, commands in offered for command in commands] == ["/accounts/x/"]


def test_commands_stand_by_group_in_their_order(
    request_of: Callable[..., HttpRequest], agent: User
) -> None:
    palette.register(
        Command("b", "B", lambda _: "/b", group="Second", order=2),
        Command("c", "C", lambda _: "/c", group="First", order=3),
        Command("a", "A", lambda _: "/a", group="First", order=1),
    )
    offered = palette.commands_for(request_of(agent))
    assert [(group, [one["key"] for one in commands]) for group, commands in offered] == [
        ("First", ["a", "c"]),
        ("Second", ["b"]),
    ]


def test_registering_a_key_again_replaces_it(
    request_of: Callable[..., HttpRequest], agent: User
) -> None:
    palette.register(Command("a", "Old", lambda _: "/"), Command("a", "New", lambda _: "/"))
    assert keys(request_of(agent)) == ["a"]


def test_the_present_place_is_marked_in_the_side_bar(
    request_of: Callable[..., HttpRequest], agent: User
) -> None:
    palette.register(
        NavItem("door", "Door", "account_login", "key", order=1),
        NavItem("hidden", "Hidden", "account_logout", "key", permission="accounts.nobody_has_this"),
        NavItem("reset", "Reset", "account_reset_password", "key", order=2),
    )
    places = palette.navigation_for(request_of(agent, "/login/"))
    assert [(place["label"], place["current"]) for place in places] == [
        ("Door", True),
        ("Reset", False),
    ]


def test_no_two_commands_share_their_keys(offered: None) -> None:
    palette.register(Command("a", "A", "a:list", shortcut="g a"))
    with pytest.raises(ValueError, match="'g a'"):
        palette.register(Command("b", "B", "b:list", shortcut="g a"))
