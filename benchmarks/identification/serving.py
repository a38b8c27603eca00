"""The search box over HTTP: one gunicorn worker, a logged-in agent, a kept connection."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password

from access.choices import Role
from access.services.people import ensure_member_of_staff

_START_SECONDS = 60


class Unanswered(Exception):
    """The web server did not start, or did not answer a search with 200."""


def log_in() -> str:
    """Return the session cookie of an agent who sees both segments."""
    agent = ensure_member_of_staff(
        username="bench",
        password_hash=make_password(None),
        first_name="Bench",
        last_name="Agent",
        email="bench@example.com",
        roles=[Role.PHONE_SALES_AGENT],
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Box:
    """The search box as a browser asks it: htmx, one connection that is kept."""

    def __init__(self, port: int, *, host: str, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Host": host, "Cookie": cookie, "HX-Request": "true"}

    def hang_up(self) -> None:
        """Drop the connection; the next question makes a new one."""
        self._connection.close()

    def ask(self, text: str) -> float:
        """
        Ask, and return how many milliseconds the answer took.

        :raises Unanswered: if it was anything but an answer
        """
        started = time.perf_counter()
        self._connection.request("GET", f"/search/?q={quote(text)}", headers=self._headers)
        response = self._connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - started) * 1000
        if response.status != 200:
            raise Unanswered(f"HTTP {response.status}: {body[:300]!r}")
        return took


@contextmanager
def web_server(*, host: str, cookie: str) -> Iterator[Box]:
    """
    Run the product's web server with one worker, as the application's own log-in role.

    :raises Unanswered: if it does not start
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "UTILCRM_AS_OWNER": "0", "WEB_PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "utilcrm.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1"]
    command += ["--threads", "4", "--keep-alive", "60"]
    command += ["--no-control-socket", "--log-level", "warning"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            box = Box(port, host=host, cookie=cookie)
            _wait(box, server, log)
            yield box
        finally:
            server.terminate()
            server.wait()


def _wait(box: Box, server: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            box.ask("warm up")
        except OSError as exc:
            box.hang_up()
            if time.monotonic() > end or server.poll() is not None:
                log.seek(0)
                raise Unanswered(log.read().decode()[-2000:]) from exc
            time.sleep(0.1)
        else:
            return
