"""Who is being served."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from tenants.models import Domain, Profile, Tenant
from utilcrm.db.tenancy import current_schema

_KEEP_SECONDS = 15.0


class NoTenant(Exception):
    """Tenant data was asked for where no tenant had been entered."""


_profiles: dict[tuple[str, str], tuple[float, Profile]] = {}
_hosts: dict[tuple[str, str], tuple[float, Tenant]] = {}


def current_profile() -> Profile:
    """
    Return the profile of the tenant being served, at most 15 s old.

    :raises NoTenant: outside a tenant
    """
    schema = current_schema()
    if not schema or schema == "public":
        raise NoTenant("No tenant has been entered.")
    key = (_database(), schema)
    kept = _profiles.get(key)
    if kept is None or kept[0] < time.monotonic():
        profile = (
            Profile.objects.select_related("tenant").filter(tenant__schema_name=schema).first()
        )
        if profile is None:
            raise NoTenant(f"Schema {schema} has no profile.")
        kept = _profiles[key] = (time.monotonic() + _KEEP_SECONDS, profile)
    return kept[1]


def active_tenants() -> QuerySet[Tenant]:
    """Return the tenants that are served: no template, none that is switched off."""
    return Tenant.objects.filter(is_active=True, is_template=False).exclude(schema_name="public")


def base_url() -> str:
    """
    Return where customers reach the tenant being served, such as `https://unified.example.com`.

    :raises NoTenant: if the tenant has no domain
    """
    schema = current_schema()
    domain = Domain.objects.filter(tenant__schema_name=schema, is_primary=True).first()
    if domain is None:
        raise NoTenant(f"Schema {schema} has no domain.")
    usual = {"http": 80, "https": 443}.get(settings.WEB_SCHEME)
    port = "" if usual == settings.WEB_PORT else f":{settings.WEB_PORT}"
    return f"{settings.WEB_SCHEME}://{domain.domain}{port}"


def tenant_of_host(hostname: str) -> Tenant | None:
    """Return the active tenant that a host name belongs to; known hosts are kept for 15 s."""
    key = (_database(), hostname)
    kept = _hosts.get(key)
    if kept is None or kept[0] < time.monotonic():
        domain = Domain.objects.select_related("tenant").filter(domain=hostname).first()
        if domain is None or not domain.tenant.is_active:
            return None
        kept = _hosts[key] = (time.monotonic() + _KEEP_SECONDS, domain.tenant)
    return kept[1]


def forget_kept() -> None:
    """Drop what is kept, after a profile or domain was changed in this process."""
    _profiles.clear()
    _hosts.clear()


def _database() -> str:
    return str(connection.settings_dict["NAME"])
