"""The database itself refuses what no tenant was entered for, and everything of another tenant."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.db.utils import DataError
from django_tenants.utils import schema_context, tenant_context

from access.models import User
from tenants.models import Tenant
from tests.support.people import make_person
from tests.support.servers import running_cluster


def _rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["other.access_user", "public.access_user", "other.events_event"])
def test_raw_sql_across_schemas_is_refused(table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _rows(f"SELECT * FROM {table}")


@pytest.mark.django_db
def test_a_query_without_a_tenant_is_refused_instead_of_reading_public() -> None:
    connection.set_schema_to_public()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        User.objects.count()


@pytest.mark.django_db
def test_a_schema_that_does_not_exist_is_an_error() -> None:
    with schema_context("nobody"), pytest.raises(DataError), transaction.atomic():
        User.objects.count()


def test_a_new_thread_has_no_tenant_and_reads_nothing(real_commits) -> None:
    outcome: list[object] = []

    def read() -> None:
        try:
            outcome.append(User.objects.count())
        except ProgrammingError as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert isinstance(outcome[0], ProgrammingError)


@pytest.mark.django_db
def test_the_role_is_right_again_after_a_rollback(tenant: Tenant, other_tenant: Tenant) -> None:
    make_person("of_unified")
    try:
        with transaction.atomic():
            with tenant_context(other_tenant):
                make_person("of_other")
            connection.set_tenant(tenant)
            raise RuntimeError  # rolls back to before the tenant was changed
    except RuntimeError:
        pass
    assert _rows("SELECT current_user")[0][0] == "t_unified"
    assert list(User.objects.values_list("username", flat=True)) == ["of_unified"]


def _broken_off() -> None:
    [[process]] = _rows("SELECT pg_backend_pid()")
    running_cluster().sql(f"SELECT pg_terminate_backend({process})")
    with suppress(OperationalError):
        _rows("SELECT 1")
    connection.close_if_unusable_or_obsolete()


def _rolled_back() -> None:
    with suppress(RuntimeError), transaction.atomic():
        _rows("SELECT 1")
        raise RuntimeError


def _refused_at_commit() -> None:
    with suppress(IntegrityError), transaction.atomic():
        _rows("SELECT 1")
        Group.permissions.through.objects.create(group_id=0, permission_id=0)


@pytest.mark.parametrize("happens", [_rolled_back, _refused_at_commit, _broken_off])
def test_the_role_is_right_whatever_became_of_the_transaction_that_entered_the_tenant(
    real_commits, tenant: Tenant, other_tenant: Tenant, happens: Callable[[], None]
) -> None:
    _rows("SELECT 1")
    connection.set_tenant(other_tenant)
    happens()
    assert _rows("SELECT current_user, current_schema()") == [("t_other", "other")]
    connection.set_tenant(tenant)
    assert _rows("SELECT current_user, current_schema()") == [("t_unified", "unified")]


@pytest.mark.django_db
def test_a_server_side_cursor_reads_its_own_tenant(other_tenant: Tenant) -> None:
    make_person("mine")
    with tenant_context(other_tenant):
        make_person("theirs")
        assert [user.username for user in User.objects.iterator(chunk_size=1)] == ["theirs"]
    assert [user.username for user in User.objects.iterator(chunk_size=1)] == ["mine"]


@pytest.mark.django_db
def test_the_log_in_role_may_not_change_who_is_reached_under_which_host() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _rows("UPDATE public.tenants_domain SET domain = 'x' RETURNING domain")
