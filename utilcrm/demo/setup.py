"""Set tenants up: template, clones, roles, people."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils import translation
from django_tenants.utils import schema_context

from access.choices import Role
from access.models import User
from access.services.people import ensure_member_of_staff
from access.services.roles import sync_roles
from interactions.services.guidance.seeding import seed_demo_script
from interactions.services.seeding import seed_reasons
from premises.services.seeding import seed_market
from products.services.seeding import seed_load_profiles
from tenants.choices import Purpose
from tenants.models import Tenant
from tenants.services.making import TEMPLATE_SCHEMA, ensure_platform, ensure_template, make_tenant
from utilcrm.demo.networks import know_networks
from utilcrm.demo.people import PASSWORD, PEOPLE, PLATFORM_ADMIN
from utilcrm.demo.tenants import NAMES, PROFILES


@cache
def _password_hash() -> str:
    return make_password(PASSWORD)


def prepare_platform() -> None:
    """Make the platform's host and its first administrator."""
    ensure_platform()
    with schema_context("public"):
        if not User.objects.filter(username=PLATFORM_ADMIN).exists():
            User.objects.create_superuser(PLATFORM_ADMIN, "root@platform.example", PASSWORD)


def prepare_template() -> None:
    """Bring the template up to date, with everything that is the same for every tenant."""
    ensure_template()
    with schema_context(TEMPLATE_SCHEMA):
        sync_roles()
        seed_load_profiles()
        seed_reasons()


def prepare_tenant(code: str, *, like: str | None = None) -> None:
    """Make one tenant with the profile of a demo tenant, its roles and its people."""
    pattern = like or code
    make_tenant(code=code, name=NAMES.get(code, code.title()), profile=PROFILES[pattern])
    Tenant.objects.filter(schema_name=code).update(purpose=Purpose.DEMO)
    with schema_context(code):
        sync_roles()
        seed_market(PROFILES[pattern]["market"])
        know_networks(PROFILES[pattern]["market"])
        for person in PEOPLE:
            ensure_member_of_staff(
                username=person.username,
                password_hash=_password_hash(),
                first_name=person.first_name,
                last_name=person.last_name,
                email=f"{person.username}@{code}.example",
                roles=[Role(person.role)],
                extension=person.extension,
                is_staff=person.is_staff,
            )
        User.objects.filter(username="tess").update(is_superuser=True)
        with translation.override(PROFILES[pattern]["language"]):
            seed_demo_script(actor=User.objects.get(username="tess"))
