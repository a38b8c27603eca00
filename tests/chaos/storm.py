"""A storm: people work, things are killed, and the ERP's ledger says what came of it."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from ops import paths, process
from tests.chaos.people import Agent, Deeds
from tests.chaos.world import WORKERS, World

# what is killed, and how often beside the others: a worker's child is cheap to start again
_TARGETS = {
    "worker-child": 6,
    "worker": 3,
    "erp": 3,
    "redis": 3,
    "postgres": 2,
    "beat": 2,
    "web": 1,
}


@dataclass
class Verdict:
    """What the ERP was told against what has certainly been done."""

    told: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    taken_back_but_sent: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, out of order, or sent though it was taken back."""
        return not (self.lost or self.duplicated or self.disordered or self.taken_back_but_sent)

    def whole(self) -> str:
        """Return the figures, and each customer of whom something is wrong."""
        wrong = [*self.lost, *self.duplicated, *self.disordered, *self.taken_back_but_sent]
        return "\n".join([str(self), *wrong[:20]])

    def __str__(self) -> str:
        killed = ", ".join(f"{number} {name}" for name, number in sorted(self.kills.items()))
        return (
            f"{self.told} messages in {self.seconds:.0f} s, {sum(self.kills.values())} kills "
            f"({killed}): lost {len(self.lost)}, duplicated {len(self.duplicated)}, "
            f"out of order {len(self.disordered)}, taken back but sent "
            f"{len(self.taken_back_but_sent)}"
        )


class Writer:
    """The process that works through the services, and who listens to what it has done."""

    def __init__(self, command: list[str], environment: dict[str, str], deeds: Deeds) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=paths.ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.listener = threading.Thread(target=self._listen, args=(deeds,), daemon=True)
        self.listener.start()

    def stop(self) -> None:
        """Ask it to stop after what it has begun."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End it whatever it does, as at the end of a storm that failed."""
        process.kill_session(self._process)

    def _listen(self, deeds: Deeds) -> None:
        for line in self._process.stdout or ():
            what, customer, name = line.split()
            if what == "done":
                deeds.done(customer, name)
            else:
                deeds.taken_back.add(name)


@dataclass
class Storm:
    """So many messages, so many kills, so many a second; the dice are loaded by the seed."""

    messages: int
    kills: int
    rate: float = 20
    agents: int = 2
    seed: int = 7
    patience: float = 240

    def rage(self, world: World) -> Verdict:
        """Let people work and things die, wait until the ERP has heard of all, and judge."""
        deeds, verdict, over = Deeds(), Verdict(), threading.Event()
        began = time.monotonic()
        people = [
            Agent(number, port=world.ports.web, deeds=deeds, stop=over)
            for number in range(self.agents)
        ]
        # Half of the work goes through the pages, as fast as these answer; the rest fills up.
        writer = self._writer(world, deeds)
        try:
            for person in people:
                person.pause = max(0.0, 2 * self.agents / self.rate - 0.1)
                # five log-ins that break off lock a person out for longer than a storm lasts
                person.log_in()
                person.start()
            self._kill_beside(world, deeds, people, verdict)
            over.set()
            writer.stop()
            self._wait_until_sure(world, [writer.listener, *people])
        finally:
            over.set()
            writer.kill()
        self._judge(world, deeds, verdict)
        verdict.seconds = time.monotonic() - began
        return verdict

    def _kill_beside(
        self, world: World, deeds: Deeds, people: list[Agent], verdict: Verdict
    ) -> None:
        dice = random.Random(self.seed)
        pace = self.messages / self.rate / (self.kills + 1)
        give_up = time.monotonic() + self.patience + 3 * self.messages / self.rate
        while deeds.number < self.messages and time.monotonic() < give_up:
            assert not [line for person in people for line in person.failures]
            if sum(verdict.kills.values()) < self.kills:
                verdict.kills[self._strike(world, dice)] += 1
            _sleep(world, pace * dice.uniform(0.5, 1.5))

    def _wait_until_sure(self, world: World, all_of_them: Sequence[threading.Thread]) -> None:
        """
        Wait until everybody knows what became of what they have begun.

        A change that was made and that nobody owns to would be taken for a message too many.
        """
        end = time.monotonic() + self.patience
        while doubting := [one for one in all_of_them if one.is_alive()]:
            assert time.monotonic() < end, f"still in doubt about what was done: {doubting}"
            _sleep(world, 0.1)

    def _writer(self, world: World, deeds: Deeds) -> Writer:
        command = [sys.executable, "-m", "tests.chaos.writer", "10", str(self.rate / 2)]
        return Writer([*command, str(self.messages)], world.environment, deeds)

    def _strike(self, world: World, dice: random.Random) -> str:
        (target,) = dice.choices(list(_TARGETS), weights=list(_TARGETS.values()))
        name = dice.choice(WORKERS) if target.startswith("worker") else target
        if target == "worker-child":
            world.kill_child(name)
            return target
        if target == "redis" and dice.random() < 0.5:
            with suppress(OSError):
                world.redis.flush()
        world.kill(name)
        time.sleep(dice.uniform(0, 0.5))
        world.revive(name)
        return target

    def _judge(self, world: World, deeds: Deeds, verdict: Verdict) -> None:
        """
        Compare what was told with what was done, customer by customer.

        A message carries its customer as they are when it is made, so a later one may say the
        same as the one before, never what was before it.
        """
        end = time.monotonic() + self.patience
        while True:
            heard = _heard(world)
            missing = {
                customer: len(names) - len(heard[customer])
                for customer, names in deeds.names.items()
                if len(heard[customer]) < len(names) or heard[customer][-1] != names[-1]
            }
            if not missing or time.monotonic() > end:
                break
            _sleep(world, 0.5)
        verdict.told = sum(map(len, heard.values()))
        verdict.lost = [f"{customer}: {number}" for customer, number in missing.items()]
        for customer, names in deeds.names.items():
            told = heard[customer]
            if len(told) > len(names):
                verdict.duplicated.append(f"{customer}: {len(told) - len(names)}")
            places = [names.index(name) for name in told if name in names]
            if places != sorted(places) or len(places) != len(told):
                verdict.disordered.append(f"{customer}: {told}")
        everything = {name for names in heard.values() for name in names}
        verdict.taken_back_but_sent = sorted(everything & deeds.taken_back)


def _sleep(world: World, seconds: float) -> None:
    """Wait, and start again whatever has died by itself."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for name, program in world.programs.items():
            if program.pid is None:
                world.revive(name)
        time.sleep(min(left, 0.2))


def _heard(world: World) -> dict[str, list[str]]:
    """Return the first names that the ERP was told of each customer, in the order it took them."""
    heard: dict[str, list[str]] = defaultdict(list)
    entries: list[dict[str, Any]] = []
    with suppress(OSError, AssertionError):
        entries = world.ledger()
    for entry in entries:
        if entry["object_type"] != "BUSINESS_PARTNER" or entry["state"] != "SUCCEEDED":
            continue
        name = etree.fromstring(entry["body"].encode()).findtext(".//{*}FirstName")
        heard[entry["external_reference"]].append(name or "")
    return heard


def report(verdict: Verdict, file: Path) -> None:
    """Keep what was found."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.write(f"{verdict}\n")
