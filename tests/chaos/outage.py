"""An ERP that takes no call and refuses none, for as long as it takes to queue thousands."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

import requests
from lxml import etree

from ops import paths
from tests.chaos.people import Agent, Deeds
from tests.chaos.world import World
from tests.support.programs import until

LOOKERS = 2
"""Customers that are made to be looked at, one before and one during the outage."""


@dataclass
class Found:
    """What the ERP's ledger, and a person at a page, say of an outage."""

    told: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    poisoned_told: int = 0
    parked: int = 0
    most_in_a_second: int = 0
    slowest_page_before_ms: float = 0
    slowest_page_ms: float = 0
    seconds: float = 0

    def __str__(self) -> str:
        return (
            f"{self.told} messages after the outage in {self.seconds:.0f} s, at most "
            f"{self.most_in_a_second} in a second; lost {len(self.lost)}, duplicated "
            f"{len(self.duplicated)}, out of order {len(self.disordered)}; {self.parked} lanes "
            f"parked; page p95 {self.slowest_page_before_ms:.0f} ms before and "
            f"{self.slowest_page_ms:.0f} ms during it"
        )


@dataclass
class Outage:
    """So many messages queued in lanes of ten while the ERP hangs, some of them poison."""

    messages: int
    poison: int
    rate: int

    def run(self, world: World) -> Found:
        """Hold the ERP, queue, measure pages, let it go on, wait, judge."""
        found = Found()
        lanes = self.messages // 10
        self._queue(world, "prepare", lanes + self.poison)
        until(lambda: len(world.ledger()) >= lanes + self.poison, seconds=lanes / 10 + 120)
        first = len(world.ledger())
        found.slowest_page_before_ms = _p95(world)
        world.programs["erp"].hold()
        self._queue(world, "fill", lanes + self.poison)
        # some time with nothing but an ERP that hangs
        time.sleep(10)
        found.slowest_page_ms = _p95(world)
        world.programs["erp"].go_on()
        began = time.monotonic()
        until(
            lambda: len(world.ledger()) >= first + self.messages + LOOKERS,
            seconds=self.messages / 15 + 300,
            every=2,
        )
        found.seconds = time.monotonic() - began
        # what should never come has had its chance
        time.sleep(5)
        self._judge(world, found, first)
        found.parked = int(self._queue(world, "parked", 0))
        return found

    def _queue(self, world: World, what: str, lanes: int) -> str:
        filler = [sys.executable, "-m", "tests.chaos.filler"]
        ran = subprocess.run(
            [*filler, what, *map(str, (lanes, self.poison, self.rate))],
            cwd=paths.ROOT,
            env=world.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-2000:]
        return ran.stdout

    def _judge(self, world: World, found: Found, first: int) -> None:
        heard: dict[str, list[int]] = defaultdict(list)
        seconds: Counter[int] = Counter()
        for entry in world.ledger()[first:]:
            name = etree.fromstring(entry["body"].encode()).findtext(".//{*}FirstName") or ""
            seconds[int(datetime.fromisoformat(entry["time"]).timestamp())] += 1
            if name.startswith("Poison"):
                found.poisoned_told += 1
            elif name.startswith("O"):
                heard[entry["external_reference"]].append(int(name.rpartition("x")[2]))
        found.told = sum(map(len, heard.values()))
        found.most_in_a_second = max(seconds.values(), default=0)
        for customer, numbers in heard.items():
            if numbers != sorted(numbers):
                found.disordered.append(customer)
            found.lost += [f"{customer}: {n}" for n in set(range(10)) - set(numbers)]
            found.duplicated += [f"{customer}: {n}" for n, k in Counter(numbers).items() if k > 1]
        missing = self.messages // 10 - len(heard)
        found.lost += ["a whole lane"] * missing


def _p95(world: World) -> float:
    """Return what the slowest of twenty looks at a customer's page takes, but one (ms)."""
    agent = Agent(99, port=world.ports.web, deeds=Deeds(), stop=threading.Event())
    agent.log_in()
    page = agent.first_customer()
    taken = []
    for _n in range(20):
        began = time.monotonic()
        try:
            agent.look(page).raise_for_status()
        except requests.RequestException:
            return 99_999
        taken.append((time.monotonic() - began) * 1000)
    return sorted(taken)[-2]
