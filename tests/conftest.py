"""The database, the network guard and the plugins of every test; the people live in `support`."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from access.models import User
from ops import process
from ops.redis import Server
from tenants import queries
from tenants.models import Tenant
from tests.support import network
from tests.support.coverage_rows import CoveredRows
from tests.support.database import USUAL, TestDatabase
from tests.support.servers import REDIS

pytest_plugins = ["tests.support.people", "tests.support.browsing"]

_SHOWN = 4000
"""Characters of a failure that is shown although its second try passed."""

_DATABASE = pytest.StashKey[TestDatabase]()

network.guard()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CoveredRows())
    # how long an example takes to make says something of the machine only
    hypothesis.settings.register_profile(
        "busy machine", suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("busy machine")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "chaos" not in config.option.markexpr:
        long = [item for item in items if item.get_closest_marker("chaos")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    # The longest of all begins first: at the end everybody would wait for it.
    items.sort(key=lambda item: item.path.parent.name != "chaos")
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


def pytest_itemcollected(item: pytest.Item) -> None:
    """Put together what shares something that is dear to make."""
    if group := _group_of(item):
        item.add_marker(pytest.mark.xdist_group(group))


def _group_of(item: pytest.Item) -> str:
    """Return what a test shares with others: one worker makes it once, and runs them all."""
    if item.path.parent.name == "architecture":
        return "architecture"
    variant = getattr(item, "callspec", None) and item.callspec.params.get("variant", USUAL)
    if variant in {None, USUAL}:
        return ""
    names = item.fixturenames
    return f"live-{variant}" if "live" in names else f"erp-{variant}" if "erp" in names else ""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the garbage collector never again look at what stays to the end: all that is imported."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """After a test that committed, before any fixture asks: make the database anew."""
    database = item.config.stash.get(_DATABASE, None)
    names = item.fixturenames
    if database is None or "real_commits" in names:
        return
    if _is_in_transaction(item) or "test_database" in names:
        database.begin()


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
def test_database(
    worker_id: str, django_db_blocker, pytestconfig: pytest.Config
) -> Iterator[TestDatabase]:
    """This worker's own copy of the migrated template, with two bare tenants."""
    database = TestDatabase(worker_id)
    database.begin()
    pytestconfig.stash[_DATABASE] = database
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
    test_database: TestDatabase, django_db_blocker, request: pytest.FixtureRequest, variant: str
) -> Iterator[TestDatabase]:
    """Work without a surrounding transaction; the next test gets a database of its own again."""
    if _is_in_transaction(request.node):
        raise pytest.UsageError("`real_commits` and a surrounding transaction exclude each other")
    with django_db_blocker.unblock():
        connections.close_all()
        test_database.begin(variant)
        test_database.spoil()
        connection.set_schema_to_public()
        _enter(request.getfixturevalue("tenant"))
        yield test_database
        _leave()
        connections.close_all()


@pytest.fixture
def begin_with(real_commits: TestDatabase, tenant: Tenant) -> Callable[..., None]:
    """
    Begin with what takes long to make: ``begin_with("name", make)`` makes it once a session.

    Later tests of this worker begin with a copy of the database as `make` left it.
    """

    def begin(what: str, make: Callable[[], None]) -> None:
        # whoever holds a row of before would hold another one, or none, after
        assert not User.objects.exists(), "somebody was made before the test's beginning"
        connections.close_all()
        if not real_commits.restore(what):
            _enter(tenant)
            make()
            connections.close_all()
            real_commits.keep(what)
        _enter(tenant)

    return begin


def _beginnings(request: pytest.FixtureRequest) -> list[str]:
    """Return which of a test's fixtures put another database into the place of the first."""
    made = request._fixturemanager
    return [
        name
        for name in request.fixturenames
        for found in made.getfixturedefs(name, request.node) or ()
        if {"begin_with", "begin_with_both"} & set(found.argnames)
    ]


def _is_in_transaction(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or "db" in item.fixturenames)


def _enter(tenant: Tenant) -> None:
    connection.set_schema_to_public()
    connection.set_tenant(tenant)
    # as a request or a task does: before midnight in Leeds it is tomorrow in Aarhus
    timezone.activate(tenant.profile.time_zone)
    # What is kept for some seconds is fresh now, so that no test counts its being asked for anew.
    queries.forget_kept()
    queries.current_profile()
    queries.tenant_of_host(f"{tenant.schema_name}.localhost")


def _leave() -> None:
    connection.set_schema_to_public()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def _tenant_of_each_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start every test that uses the database as the tenant `unified`; end it as nobody."""
    if "real_commits" in request.fixturenames:
        # Before the people, whatever the order of the test's arguments.
        for beginning in ("real_commits", *_beginnings(request)):
            request.getfixturevalue(beginning)
        yield
        return
    if not _is_in_transaction(request.node):
        yield
        return
    request.getfixturevalue("db")
    connection.set_schema_to_public()
    _enter(request.getfixturevalue("tenant"))
    yield
    _leave()
