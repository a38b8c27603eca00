"""Fifty agents at once: no error, no note lost, no screen of another's customer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops import paths
from tests.chaos.crowd import Agent
from tests.chaos.tally import Customer, Tally
from tests.chaos.world import World
from tests.support.database import TestDatabase

CUSTOMERS_EACH = 4


@pytest.fixture
def busy_world(test_database: TestDatabase, tmp_path: Path) -> Iterator[World]:
    """The product with its web server as it is run: two workers of four threads."""
    made = World(tmp_path, test_database, web=(2, 4))
    keeps = True
    try:
        made.start()
        yield made
        keeps = False
    finally:
        made.stop(keep_logs=keeps)


def _asked(world: World, *words: str) -> Any:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos.crowding", *words],
        cwd=paths.ROOT,
        env=world.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


def _work(world: World, number: int, *, seconds: float, pause: float) -> tuple[list[Agent], Tally]:
    made = _asked(world, "prepare", str(number), str(CUSTOMERS_EACH))
    over, tally = threading.Event(), Tally()
    crowd = [
        Agent(
            place, [Customer(**one) for one in customers], port=world.ports.web, tally=tally,
            pause=pause, over=over,
        )
        for place, customers in enumerate(made)
    ]  # fmt: skip
    everybody = {customer.surname for agent in crowd for customer in agent.customers}
    for agent in crowd:
        agent.everybody = everybody
        agent.start()
    over.wait(seconds)
    over.set()
    for agent in crowd:
        agent.join(timeout=120)
    assert not any(agent.is_alive() for agent in crowd), "a call was never brought to its end"
    return crowd, tally


def _lost(crowd: list[Agent], there: dict[str, Any]) -> list[str]:
    """Return what was typed and acknowledged, and is not there, or is somebody else's."""
    lost = []
    for agent in crowd:
        for contact, noted in agent.contacts.items():
            wanted = {
                "agent": f"crowd{agent.number}", "customer": noted.customer.uuid,
                "status": "CLOSED", "pad": noted.pad, "notes": noted.notes,
            }  # fmt: skip
            found = there.get(contact, {})
            lost += [
                f"{contact} {name}: {value!r}, not {found.get(name)!r}"
                for name, value in wanted.items()
                if found.get(name) != value
            ]
    return lost


@pytest.mark.chaos
@pytest.mark.covers("B-14", "N-04")
def test_a_crowd_of_agents_loses_no_note_and_sees_nobody_elses_customer(
    busy_world: World, pytestconfig: pytest.Config
) -> None:
    crowd, tally = _work(
        busy_world,
        pytestconfig.getoption("crowd_agents"),
        seconds=pytestconfig.getoption("crowd_seconds"),
        pause=pytestconfig.getoption("crowd_pause"),
    )
    there = _asked(busy_world, "tell")

    lost = _lost(crowd, there["contacts"])
    typed = sum(len(agent.contacts) for agent in crowd)
    print(
        f"\n{len(crowd)} agents, {typed} contacts, {there['cases']} cases, {there['promises']} "
        f"promises; notes lost {len(lost)}; load of the machine {os.getloadavg()[0]:.1f}\n{tally}"
    )
    wrong = [*tally.troubles, *tally.strangers, *lost]
    assert not wrong, "\n".join(wrong[:20])
    assert len(there["contacts"]) == typed
    assert there["cases"] == sum(agent.cases for agent in crowd)
    assert there["promises"] == sum(agent.promises for agent in crowd)
