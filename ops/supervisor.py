"""Keeps the processes of the stack running, in order, and stops them in the opposite order."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ops import process

_RESTARTS_ALLOWED = 5
_WITHIN_SECONDS = 60
_KEPT_LOG_BYTES = 5_000_000
_READY_SECONDS = 60


class ServiceFailed(Exception):
    """A process could not be kept running; the message names it and its log."""


@dataclass(frozen=True)
class Service:
    """One process: what it is called, how it is started, how it is asked to stop."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str]
    stop_signal: int = signal.SIGTERM
    patience: float = 10
    is_ready: Callable[[int], bool] = lambda _log_start: True
    """Asked until it says yes; it is given the size the log had before this start."""


@dataclass
class _Kept:
    service: Service
    running: subprocess.Popen[bytes]
    log_start: int
    ends: list[float] = field(default_factory=list)
    start_again_at: float | None = None


Group = list[_Kept]


class Supervisor:
    """Starts services, starts again what dies, gives up on what keeps dying."""

    def __init__(self) -> None:
        self._groups: list[Group] = []

    def start(self, *services: Service) -> None:
        """
        Start services side by side and wait until each is ready.

        :raises ServiceFailed: when one ends while we wait for it
        """
        self.wait(self.launch(*services))

    def launch(self, *services: Service) -> Group:
        """Start services side by side without waiting for them."""
        group: Group = []
        self._groups.append(group)
        for service in services:
            if service.log.exists() and service.log.stat().st_size > _KEPT_LOG_BYTES:
                service.log.replace(service.log.with_suffix(".log.1"))
            log_start = _size(service.log)
            group.append(_Kept(service, _spawn(service), log_start))
        return group

    def wait(self, group: Group) -> None:
        """
        Wait until every service of a group is ready.

        :raises ServiceFailed: when one ends, or is not ready within a minute
        """
        for kept in group:
            _wait_until_ready(kept)

    def process_ids(self) -> dict[str, int]:
        """Return the process id of every service."""
        return {kept.service.name: kept.running.pid for kept in self._all()}

    def _all(self) -> list[_Kept]:
        return [kept for group in self._groups for kept in group]

    def check(self) -> list[str]:
        """
        Start again whatever has died since the last look; return a line about each.

        :raises ServiceFailed: when a service has died too often in a minute
        """
        told = []
        for kept in self._all():
            code = kept.running.poll()
            if code is None:
                continue
            now = time.monotonic()
            if kept.start_again_at is None:
                kept.ends = [at for at in kept.ends if now - at < _WITHIN_SECONDS] + [now]
                if len(kept.ends) > _RESTARTS_ALLOWED:
                    raise ServiceFailed(_how_it_ended(kept, code))
                kept.start_again_at = now + min(2 ** (len(kept.ends) - 1) * 0.5, 8)
                told.append(f"{_how_it_ended(kept, code)}: starting it again")
            elif now >= kept.start_again_at:
                process.kill_session(kept.running)
                kept.running = _spawn(kept.service)
                kept.start_again_at = None
        return told

    def end(self, name: str) -> None:
        """End a service that lives and does nothing; the next look starts it again."""
        for kept in self._all():
            if kept.service.name == name and kept.running.poll() is None:
                process.kill_session(kept.running)
                kept.running.wait()

    def stop(self) -> None:
        """Stop everything: the groups in the opposite order, those of one group side by side."""
        while self._groups:
            group = self._groups.pop()
            for kept in group:
                if kept.running.poll() is None:
                    kept.running.send_signal(kept.service.stop_signal)
            for kept in group:
                process.reap(kept.running, patience=kept.service.patience)


def _spawn(service: Service) -> subprocess.Popen[bytes]:
    return process.spawn(
        service.command,
        log=service.log,
        environment=service.environment,
        death_signal=service.stop_signal,
    )


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _how_it_ended(kept: _Kept, code: int) -> str:
    return f"{kept.service.name} ended with code {code}, see {kept.service.log}"


def _wait_until_ready(kept: _Kept) -> None:
    end = time.monotonic() + _READY_SECONDS
    while not kept.service.is_ready(kept.log_start):
        code = kept.running.poll()
        if code is not None:
            raise ServiceFailed(_how_it_ended(kept, code))
        if time.monotonic() > end:
            raise ServiceFailed(f"{kept.service.name} is not ready, see {kept.service.log}")
        time.sleep(0.05)
