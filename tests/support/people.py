"""The people of the tests: each is one role of one tenant, and is made only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context

from access.choices import Role
from access.models import User
from access.services.people import ensure_member_of_staff
from tenants import queries
from tenants.models import Tenant
from tests.support.database import USUAL

PASSWORD = "correct horse battery staple"


class TenantClient(Client):
    """Django's test client at the host of a tenant; the test's own tenant is put back after."""

    def __init__(self, tenant: Tenant, **defaults: Any) -> None:
        self.host = f"{tenant.schema_name}.localhost"
        super().__init__(headers={"host": self.host}, **defaults)

    def request(self, **request: Any) -> Any:
        before = connection.tenant
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(before)


def make_person(username: str, *roles: Role, **facts: Any) -> User:
    """Make a member of staff of the tenant that is entered now."""
    return ensure_member_of_staff(
        username=username,
        password_hash=make_password(PASSWORD),
        first_name=username.replace("_", " ").title(),
        last_name="Tester",
        email=f"{username}@example.com",
        roles=list(roles),
        **facts,
    )


def _tenant_of(schema_name: str) -> Tenant:
    """Return a tenant without leaving the connection in `public`."""
    return Tenant.objects.select_related("profile").get(schema_name=schema_name)


@pytest.fixture
def variant() -> str:
    """
    The demo tenant whose switches and market a test works with.

    A live test, or one with `real_commits`, asks for another one by parametrising this name.
    """
    return USUAL


@pytest.fixture
def tenant(variant: str) -> Tenant:
    """The tenant that a test works in; usually GB, single contract model, device info records."""
    return _tenant_of(variant)


@pytest.fixture
def switch(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set the tenant otherwise for one test, however long it takes: `switch(currency="DKK")`."""

    def to(**values: Any) -> None:
        monkeypatch.setattr(queries, "_KEEP_SECONDS", 3600.0)
        queries.forget_kept()
        for name, value in values.items():
            monkeypatch.setattr(queries.current_profile(), name, value)

    yield to
    queries.forget_kept()


@pytest.fixture
def other_tenant() -> Tenant:
    """A tenant whose data nobody of `unified` may ever see."""
    return _tenant_of("other")


@pytest.fixture
def agent() -> User:
    """Takes calls and sells; sees both segments."""
    return make_person("agent", Role.PHONE_SALES_AGENT, extension="101")


@pytest.fixture
def supervisor() -> User:
    """Approves what agents may not give, and mends messages."""
    return make_person("supervisor", Role.SALES_SUPERVISOR)


@pytest.fixture
def clerk() -> User:
    """Works in the back office: looks, uploads, mends."""
    return make_person("clerk", Role.ADMINISTRATION_CLERK)


@pytest.fixture
def corporate_manager() -> User:
    """Sees corporate customers only."""
    return make_person("corporate_manager", Role.CORPORATE_RELATIONS_MANAGER)


@pytest.fixture
def regional_manager() -> User:
    """Sees residential customers only, and approves up to 30 per cent."""
    return make_person("regional_manager", Role.REGIONAL_SALES_MANAGER)


@pytest.fixture
def tenant_admin() -> User:
    """May do everything inside the tenant."""
    return make_person("tenant_admin", Role.TENANT_ADMIN)


@pytest.fixture
def outsider() -> User:
    """Can log in, and has no role."""
    return make_person("outsider")


@pytest.fixture
def other_tenant_agent(other_tenant: Tenant) -> User:
    """An agent of the other tenant."""
    with tenant_context(other_tenant):
        return make_person("other_tenant_agent", Role.PHONE_SALES_AGENT)


@pytest.fixture
def client_for(tenant: Tenant) -> Callable[..., TenantClient]:
    """Return a browser of a user, logged in: `client_for(agent).get("/")`."""

    def log_in(user: User | None, *, at: Tenant = tenant) -> TenantClient:
        browser = TenantClient(at)
        if user is not None:
            with tenant_context(at):
                browser.force_login(user)
        return browser

    return log_in
