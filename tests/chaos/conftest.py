"""A world of its own for the storms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos.world import World
from tests.support.database import TestDatabase


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("storms", "how long the long storms are")
    group.addoption("--storm-messages", type=int, default=5000)
    group.addoption("--storm-kills", type=int, default=200)
    group.addoption("--outage-messages", type=int, default=20_000)
    group.addoption("--crowd-agents", type=int, default=50)
    group.addoption("--crowd-seconds", type=float, default=120)
    group.addoption("--crowd-pause", type=float, default=2, help="seconds an agent reads")


# A dead worker's lease is taken over in seconds, for a storm that has to be over in some.
SHORT = {"erp": {"lease": 6, "quiet": 2, "confirm_after": 2, "backoff_cap": 1, "probe_every": 1}}


@pytest.fixture
def world(test_database: TestDatabase, tmp_path, request: pytest.FixtureRequest) -> Iterator[World]:
    """Everything up and running, with nobody at work yet."""
    is_long = request.node.get_closest_marker("chaos") is not None
    made = World(tmp_path, test_database, timing=None if is_long else SHORT)
    failed, keeps = request.session.testsfailed, True
    try:
        made.start()
        keeps = False
        yield made
    finally:
        made.stop(keep_logs=keeps or request.session.testsfailed > failed)
