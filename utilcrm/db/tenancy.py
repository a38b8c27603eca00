"""Which tenant's schema the connection of this thread is in."""

from __future__ import annotations

from typing import Any, cast

from django.db import connection


def current_schema() -> str:
    """Return the schema that was entered; `public` outside a tenant."""
    return str(cast("Any", connection).schema_name)


def enter(tenant: Any) -> None:
    """Send this thread's queries to a tenant, under the tenant's role."""
    cast("Any", connection).set_tenant(tenant)


def leave() -> None:
    """Send this thread's queries to nobody's schema again."""
    cast("Any", connection).set_schema_to_public()
