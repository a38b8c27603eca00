"""Make a tenant: its schema, its wall, its profile, its host name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django_tenants.clone import CloneSchema

from tenants.models import Domain, Profile, Tenant, TenantOrder
from tenants.queries import forget_kept
from tenants.services.walls import build_wall
from utilcrm.db.tenancy import leave

TEMPLATE_SCHEMA = "template"


class OwnerNeeded(Exception):
    """Tenants are made by the owner of the database, never by the application's log-in."""


def ensure_template() -> Tenant:
    """
    Make the empty tenant that others are cloned from, once, by running every migration.

    :raises OwnerNeeded: unless connected as the owner
    """
    _require_owner()
    tenant, _created = Tenant.objects.get_or_create(
        schema_name=TEMPLATE_SCHEMA, defaults={"name": "Template", "is_template": True}
    )
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{TEMPLATE_SCHEMA}"')
    call_command("migrate_schemas", schema_name=TEMPLATE_SCHEMA, verbosity=0, interactive=False)
    build_wall(TEMPLATE_SCHEMA)
    return tenant


class CodeTaken(Exception):
    """A tenant with this code is here, and did not come of this order."""


def make_tenant(
    *, code: str, name: str, profile: dict[str, Any], order: TenantOrder | None = None
) -> Tenant:
    """
    Make a tenant by cloning the template; safe to repeat for one that exists.

    An `order` never touches a tenant that did not come of it.

    :raises OwnerNeeded: unless connected as the owner
    :raises CodeTaken: if the order's code is another tenant's
    """
    _require_owner()
    tenant = Tenant.objects.filter(schema_name=code).first()
    if order is not None and tenant is not None and order.tenant_id != tenant.pk:
        raise CodeTaken(code)
    if tenant is None:
        with transaction.atomic():
            tenant = Tenant(schema_name=code, name=name)
            tenant.full_clean()
            # As pg_dump does: a function's body is checked only once all it needs has been cloned.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL check_function_bodies = off")
            CloneSchema().clone_schema(TEMPLATE_SCHEMA, code, "DATA")
            tenant.save()
            if order is not None:
                order.note_tenant(tenant)
    build_wall(code)
    Profile.objects.update_or_create(tenant=tenant, defaults=profile)
    Domain.objects.get_or_create(
        domain=f"{code}.{settings.BASE_DOMAIN}", defaults={"tenant": tenant, "is_primary": True}
    )
    forget_kept()
    return tenant


def ensure_platform() -> Tenant:
    """Make the platform's own row, so that its host reaches the platform admin."""
    _require_owner()
    tenant, _created = Tenant.objects.get_or_create(
        schema_name="public", defaults={"name": "UtilCRM platform"}
    )
    build_wall("public")
    Domain.objects.get_or_create(
        domain=f"platform.{settings.BASE_DOMAIN}", defaults={"tenant": tenant, "is_primary": True}
    )
    return tenant


def _require_owner() -> None:
    if settings.DATABASE_SECOND_WALL:
        raise OwnerNeeded("Set UTILCRM_AS_OWNER=1 and connect as the owner of the database.")
    leave()
