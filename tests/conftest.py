"""The database, the network guard and the plugins of every test; the people live in `support`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, connections

from ops import process
from ops.redis import Server
from tests.support import network
from tests.support.coverage_rows import CoveredRows
from tests.support.database import USUAL, TestDatabase
from tests.support.servers import REDIS

pytest_plugins = ["tests.support.people", "tests.support.browsing"]

_SHOWN = 4000
"""Characters of a failure that is shown although its second try passed."""

network.guard()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CoveredRows())
    # how long an example takes to make says something of the machine only
    hypothesis.settings.register_profile(
        "busy machine", suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("busy machine")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "live" in getattr(item, "fixturenames", ()):
            # On two busy cores Chromium has been seen to stand still for half a minute. What is
            # broken fails twice; the summary names what was run again.
            item.add_marker(pytest.mark.flaky(reruns=1))
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: flushing would empty the tenants; use the fixture `real_commits`"
            )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show why a journey was run again: a second try that passes must not hide the first."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"run again: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext[-_SHOWN:])


@pytest.fixture(scope="session", autouse=True)
def redis_server() -> Iterator[Server]:
    """Redis of this worker alone."""
    running = process.spawn(REDIS.command(), log=REDIS.log)
    REDIS.wait()
    yield REDIS
    running.kill()
    running.wait()
    shutil.rmtree(REDIS.socket.parent, ignore_errors=True)
    shutil.rmtree(REDIS.data, ignore_errors=True)
    REDIS.log.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def test_database(worker_id: str, django_db_blocker) -> Iterator[TestDatabase]:
    """This worker's own copy of the migrated template, with two bare tenants."""
    database = TestDatabase(worker_id)
    database.copy()
    settings.DATABASES["default"]["NAME"] = database.name
    connection.settings_dict["NAME"] = database.name
    yield database
    with django_db_blocker.unblock():
        connections.close_all()
    database.drop()


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase) -> None:
    """Replaces pytest-django's own: the database is copied, not migrated."""


@pytest.fixture
def real_commits(
    test_database: TestDatabase, django_db_blocker, request: pytest.FixtureRequest
) -> Iterator[TestDatabase]:
    """Work without a surrounding transaction; afterwards the database is made anew."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        raise pytest.UsageError("`real_commits` and a surrounding transaction exclude each other")
    with django_db_blocker.unblock():
        variant = request.getfixturevalue("variant")
        if variant != USUAL:
            connections.close_all()
            test_database.copy(variant)
        connection.set_schema_to_public()
        connection.set_tenant(request.getfixturevalue("tenant"))
        yield test_database
        connections.close_all()
        test_database.copy()


@pytest.fixture(autouse=True)
def _tenant_of_each_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start every test that uses the database as the tenant `unified`; end it as nobody."""
    if "real_commits" in request.fixturenames:
        # Before the people, whatever the order of the test's arguments.
        request.getfixturevalue("real_commits")
        yield
        return
    uses_database = request.node.get_closest_marker("django_db") or "db" in request.fixturenames
    if not uses_database:
        yield
        return
    request.getfixturevalue("db")
    tenant = request.getfixturevalue("tenant")
    connection.set_schema_to_public()
    connection.set_tenant(tenant)
    yield
    connection.set_schema_to_public()
