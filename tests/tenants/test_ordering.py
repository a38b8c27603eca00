"""A tenant is ordered in the platform's admin and made by the owner of the database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context, tenant_context

from access.choices import Role
from access.models import User
from ops import paths
from ops.postgres import OWNER
from products.models import Product
from products.services.seeding import seed_demo_catalogue
from tenants.choices import ORDER_TRANSITIONS, OrderStatus
from tenants.models import Profile, Tenant, TenantOrder
from tenants.queries import forget_kept
from tenants.services.periods import write_period
from tests.support.database import TestDatabase
from utilcrm.states import IllegalTransition

ORDER = {
    "code": "aurora",
    "name": "Aurora Energie",
    "contract_model": "DUAL",
    "device_mode": "DEVICE",
    "market": "DE",
    "legal_name": "Aurora Energie GmbH",
    "address": "Hafenstraße 1, 24103 Kiel",
    "email": "service@aurora.example",
    "phone": "+494313500199",
    "administrator": "frida@aurora.example",
}


@contextmanager
def at_platform() -> Iterator[None]:
    """Work as the platform's host does: with the rights on `public`."""
    connection.set_schema_to_public()
    with tenant_context(Tenant.objects.get(schema_name="public")):
        yield


@pytest.fixture
def platform(real_commits: TestDatabase) -> Client:
    """The platform's host as its administrator sees it."""
    with at_platform():
        root = User.objects.create_superuser("boss", "boss@platform.example", "secret-2026")
        browser = Client(headers={"host": "platform.localhost"})
        browser.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def make_what_is_ordered(database: TestDatabase) -> str:
    """Run the tenant maker once, as the process that it is."""
    environment = {
        **os.environ,
        "DATABASE_URL": database.cluster.url(user=OWNER, database=database.name),
        "DATABASE_OWNER_URL": database.cluster.url(user=OWNER, database=database.name),
        "UTILCRM_AS_OWNER": "1",
    }
    ran = subprocess.run(
        [sys.executable, "manage.py", "make_ordered_tenants", "--skip-checks"],
        cwd=paths.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def check_list(browser: Client, tenant: Tenant) -> dict[str, bool]:
    """Return what the platform's check list says: key and whether it is in place."""
    page = browser.get(f"/admin/tenants/tenant/{tenant.pk}/check-list/").content.decode()
    rows = page.split('data-check="')[1:]
    return {row.split('"')[0]: 'data-ok="yes"' in row.split(">")[0] for row in rows}


@pytest.mark.covers("A-04")
def test_a_tenant_is_made_from_its_order_with_its_variant_and_its_administrator(
    platform: Client, real_commits: TestDatabase
) -> None:
    answer = platform.post("/admin/tenants/tenantorder/add/", ORDER)
    assert answer.status_code == 302, answer.content[:2000]
    page = platform.get(answer["Location"]).content.decode()
    assert 'http-equiv="refresh"' in page

    make_what_is_ordered(real_commits)

    with at_platform():
        order = TenantOrder.objects.select_related("tenant__profile").get()
        assert order.status == OrderStatus.MADE, order.failure
        profile = order.tenant.profile
        assert (profile.contract_model, profile.device_mode) == ("DUAL", "DEVICE")
        assert (profile.currency, profile.time_zone) == ("EUR", "Europe/Berlin")
        assert order.took.total_seconds() < 60
    made = platform.get(answer["Location"]).content.decode()
    assert "Aurora" in made
    assert 'name="_save"' not in made
    listed = platform.get("/admin/tenants/tenantorder/").content.decode()
    assert f"{order.took.total_seconds():.1f} s" in listed
    with schema_context("aurora"):
        frida = User.objects.get(email="frida@aurora.example")
        assert not frida.has_usable_password()
        assert frida.groups.filter(name=Role.TENANT_ADMIN).exists()
    found = check_list(platform, order.tenant)
    in_place = {"cases", "distributors", "numbers", "reasons", "roles"}
    assert {key for key, is_ok in found.items() if is_ok} == in_place
    assert {key for key, is_ok in found.items() if not is_ok} == {"people", "products", "erp"}


@pytest.mark.covers("A-04")
@pytest.mark.parametrize("code", ["unified", "platform"])
def test_an_order_never_takes_the_code_of_a_tenant_that_is_here(
    platform: Client, real_commits: TestDatabase, code: str
) -> None:
    answer = platform.post("/admin/tenants/tenantorder/add/", {**ORDER, "code": code})
    assert "A tenant with this code is here already." in answer.content.decode()

    with at_platform():
        before = Tenant.objects.filter(schema_name="unified").values("name", "profile__legal_name")
        named = list(before)
        # Ordered all the same, as by two people at once.
        TenantOrder.objects.create(**{**ORDER, "code": "unified"})
    make_what_is_ordered(real_commits)

    with at_platform():
        order = TenantOrder.objects.get()
        assert (order.status, order.tenant) == (OrderStatus.FAILED, None)
        assert list(before.all()) == named
    with schema_context("unified"):
        assert not User.objects.filter(email=ORDER["administrator"]).exists()


@pytest.mark.covers("A-04")
def test_settings_of_one_tenant_are_reproduced_in_another(
    platform: Client, real_commits: TestDatabase, tmp_path: Any
) -> None:
    with schema_context("unified"):
        seed_demo_catalogue()
        products = set(Product.objects.values_list("code", "name"))
    with at_platform():
        unified, other = (Tenant.objects.get(schema_name=one) for one in ("unified", "other"))
        Profile.objects.filter(tenant=unified).update(notice_days=42)
        forget_kept()
    export = platform.get(f"/admin/tenants/tenant/{unified.pk}/export-settings/")
    assert "password" not in export.content.decode().lower()
    file = tmp_path / "settings.json"
    file.write_bytes(export.content)

    address = f"/admin/tenants/tenant/{other.pk}/import-settings/"
    with file.open("rb") as upload:
        preview = platform.post(address, {"file": upload})
    assert "Write the settings" in preview.content.decode()
    with schema_context("other"):
        assert not Product.objects.exists(), "a preview writes nothing"

    platform.post(address, {"text": file.read_text()})
    with schema_context("other"):
        assert set(Product.objects.values_list("code", "name")) == products
    with at_platform():
        assert Profile.objects.get(tenant=other).notice_days == 42
    assert check_list(platform, other)["products"]
    again = platform.get(f"/admin/tenants/tenant/{other.pk}/export-settings/").json()
    assert again["parts"] == export.json()["parts"]


@pytest.mark.parametrize(
    ("period", "days", "said"),
    [
        ("notice_days", 400, "less than or equal to 366"),
        ("notice_days", "soon", "integer"),
        ("currency", "EUR", "no such period"),
    ],
)
def test_a_period_that_cannot_be_is_not_imported(
    real_commits: TestDatabase, period: str, days: object, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        write_period({"period": period, "days": days})


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"{}", b"[1]", b"not json"])
def test_what_is_not_an_export_is_refused_at_its_field(platform: Client, content: bytes) -> None:
    with at_platform():
        other = Tenant.objects.get(schema_name="other")
    page = platform.post(
        f"/admin/tenants/tenant/{other.pk}/import-settings/",
        {"file": SimpleUploadedFile("settings.json", content)},
    )
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()


def test_an_order_that_failed_says_why_and_is_tried_again(
    platform: Client, real_commits: TestDatabase
) -> None:
    platform.post("/admin/tenants/tenantorder/add/", {**ORDER, "code": "pg_catalog"})
    make_what_is_ordered(real_commits)
    with at_platform():
        order = TenantOrder.objects.get()
        assert order.status == OrderStatus.FAILED
        assert order.failure
    page = platform.get(f"/admin/tenants/tenantorder/{order.pk}/change/").content.decode()
    assert order.failure.split(":")[0] in page
    platform.get(f"/admin/tenants/tenantorder/{order.pk}/try-again/")
    with at_platform():
        order.refresh_from_db()
        assert order.status == OrderStatus.ORDERED


MUTATORS: dict[str, Callable[[TenantOrder, Tenant], None]] = {
    OrderStatus.ORDERED: lambda order, _tenant: order.order_again(),
    OrderStatus.MAKING: lambda order, _tenant: order.mark_making(),
    OrderStatus.MADE: lambda order, tenant: order.mark_made(tenant),
    OrderStatus.FAILED: lambda order, _tenant: order.mark_failed("No room"),
}


@pytest.mark.django_db
def test_an_order_goes_only_where_its_table_says() -> None:
    with at_platform():
        tenant = Tenant.objects.get(schema_name="unified")
        for old in OrderStatus.values:
            for new, mutate in MUTATORS.items():
                order = TenantOrder.objects.create(
                    **{**ORDER, "code": f"o_{old}_{new}".lower()}, status=old, failure="once"
                )
                if new in ORDER_TRANSITIONS[old]:
                    mutate(order, tenant)
                    assert order.status == new
                else:
                    with pytest.raises(IllegalTransition):
                        mutate(order, tenant)
                order.delete()


@pytest.mark.django_db
def test_nobody_of_a_tenant_reaches_the_platforms_admin(client_for, tenant_admin) -> None:
    with at_platform():
        TenantOrder.objects.create(**ORDER)
    browser = client_for(tenant_admin)
    answer = browser.get("/admin/tenants/tenantorder/", follow=True)
    assert b"Aurora" not in answer.content
    assert answer.redirect_chain[0][0].startswith("/admin/login/")
