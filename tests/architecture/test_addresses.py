"""Every address inside a tenant, asked by people who may not use it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from benchmarks.desk.addresses import addresses

pytestmark = pytest.mark.django_db

# Anybody: log-in and what stands before it, and pages whose address is the secret.
FOR_EVERYBODY = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "access:language",
}
FOR_EVERYBODY_IN = ("portals:", "web:")

# Machines: they show a password or a signature of their own, and get 401 or 403 without.
FOR_MACHINES = {
    "billing_sync:soap",
    "billing_sync:print_soap",
    "interactions:telephone",
    "conversations:incoming",
}

# Everybody who is logged in, whatever their role.
FOR_ALL_STAFF = {
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "account_email",
}

LOG_IN = "/login/"


@dataclass(frozen=True)
class Address:
    name: str
    path: str
    view: Callable[..., object]


def _filled(pattern: object) -> str:
    """Return the route of a pattern with something of the right form in each gap."""
    path = str(pattern)
    for name, converter in getattr(pattern, "converters", {}).items():
        value = "x"
        if isinstance(converter, UUIDConverter):
            value = str(uuid.UUID(int=0))
        elif isinstance(converter, IntConverter):
            value = "1"
        path = re.sub(rf"<(\w+:)?{name}>", value, path)
    return path


def _addresses(
    patterns: list[URLPattern | URLResolver], *, prefix: str = "/", spaces: tuple[str, ...] = ()
) -> Iterator[Address]:
    for entry in patterns:
        path = _filled(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue  # Django's own log-in; see test_admin
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _addresses(entry.url_patterns, prefix=prefix + path, spaces=inner)
        elif not path.startswith("^"):
            name = ":".join([*spaces, entry.name or "unnamed"])
            yield Address(name, prefix + path, entry.callback)


ADDRESSES = list(_addresses(get_resolver("utilcrm.urls").url_patterns))
GUARDED = [
    address
    for address in ADDRESSES
    if address.name not in FOR_EVERYBODY | FOR_MACHINES
    and not address.name.startswith(FOR_EVERYBODY_IN)
]
FOR_ROLES = [address for address in GUARDED if address.name not in FOR_ALL_STAFF]


@pytest.mark.parametrize("address", GUARDED, ids=lambda address: address.name)
def test_an_anonymous_visitor_is_sent_to_the_log_in(address: Address, client_for):
    visitor = client_for(None)

    answers = [visitor.get(address.path), visitor.post(address.path)]

    reached = [answer for answer in answers if answer.status_code != 405]
    assert reached, "neither GET nor POST is answered"
    for answer in reached:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(LOG_IN)


@pytest.mark.parametrize("address", FOR_ROLES, ids=lambda address: address.name)
def test_somebody_without_a_role_gets_nowhere(address: Address, client_for, outsider):
    nobody = client_for(outsider)

    answers = [nobody.get(address.path), nobody.post(address.path)]

    reached = [answer.status_code for answer in answers if answer.status_code != 405]
    assert reached, "neither GET nor POST is answered"
    assert set(reached) <= {403, 404}


@pytest.mark.parametrize("address", FOR_ROLES, ids=lambda address: address.name)
def test_every_view_names_the_permission_that_it_asks_for(address: Address):
    view = getattr(address.view, "view_class", address.view)

    assert getattr(view, "permission_required", None)


@pytest.mark.parametrize("name", sorted(FOR_MACHINES))
def test_a_machine_without_a_key_is_refused(name: str, client_for):
    address = next(address for address in ADDRESSES if address.name == name)

    answer = client_for(None).post(address.path, data=b"<x/>", content_type="text/xml")

    assert answer.status_code in {400, 401, 403}


def test_the_measurement_of_the_workbench_can_fill_every_address():
    names = {address.name for address in addresses()}

    assert {"interactions:desk", "interactions:account", "service:case"} <= names
