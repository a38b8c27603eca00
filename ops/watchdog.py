"""
A worker that lives and works on nothing is started again.

After Redis was lost a worker has been seen to wait for ever on a connection that is no longer
there. Its process looks healthy; only the queue knows.
"""

from __future__ import annotations

import http.client
import json
import time

from ops.environment import HOST
from ops.supervisor import Supervisor

_EVERY = 20
_LOOKS = 2
"""So many looks in a row have to find something left lying before the worker is ended."""


class Watchdog:
    """Asks the product now and then whether its queues are worked on."""

    def __init__(self, supervisor: Supervisor, web_port: int) -> None:
        self._supervisor = supervisor
        self._port = web_port
        self._bad_looks = 0
        self._next_at = time.monotonic() + _EVERY

    def look(self) -> list[str]:
        """Look, if it is time; return a line when the worker was ended."""
        if time.monotonic() < self._next_at:
            return []
        self._next_at = time.monotonic() + _EVERY
        self._bad_looks = self._bad_looks + 1 if self._is_left_lying() else 0
        if self._bad_looks < _LOOKS:
            return []
        self._bad_looks = 0
        # what has waited for long still does while the new worker comes up
        self._next_at = time.monotonic() + _EVERY * _LOOKS
        self._supervisor.end("worker")
        return ["the worker works on nothing though something has long been due: starting it again"]

    def _is_left_lying(self) -> bool:
        line = http.client.HTTPConnection(HOST, self._port, timeout=5)
        try:
            line.request("GET", "/health/", headers={"Host": "platform.localhost"})
            return bool(json.loads(line.getresponse().read()).get("trouble") == "queue")
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            # the web server is away, which its own supervision sees to
            return False
        finally:
            line.close()
