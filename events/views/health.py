"""Whether messages are worked on, for machines that watch: the platform's own host answers."""

from __future__ import annotations

import threading
import time
from typing import Any, NamedTuple

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.generic import View
from django_tenants.utils import schema_context

from events.services.watching import standing_of_all
from tenants.queries import active_tenants

_KEEP_SECONDS = 5.0
"""Nobody has to log in to ask, so the database is asked no more often than this by a process."""


class _Look(NamedTuple):
    until: float
    trouble: str
    idle: frozenset[str]


_asking = threading.Lock()
_kept: list[_Look] = []


class Health(View):
    """
    200 while everything is worked on, 503 when a queue is left lying or the database is away.

    ``trouble`` says which of the two: ``queue`` means that something has long been due and no
    worker works, though it lives, and has to be started again. At which destinations is told to
    members of staff only; whose queue it is, to nobody. An answer is some seconds old at most.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> JsonResponse:
        """Say how it is."""
        look = _latest()
        answer: dict[str, Any] = {"ok": not look.trouble}
        if look.trouble:
            answer["trouble"] = look.trouble
        if look.idle and getattr(request.user, "is_staff", False):
            answer["idle"] = sorted(look.idle)
        return JsonResponse(answer, status=503 if look.trouble else 200)


def _latest() -> _Look:
    """Return what was seen a moment ago; many who ask at once wait for one look."""
    with _asking:
        if not _kept or _kept[0].until <= time.monotonic():
            trouble, idle = _look()
            _kept[:] = [_Look(time.monotonic() + _KEEP_SECONDS, trouble, idle)]
        return _kept[0]


def _look() -> tuple[str, frozenset[str]]:
    """Look at every active tenant."""
    now, idle = timezone.now(), set()
    try:
        for tenant in active_tenants():
            with schema_context(tenant.schema_name):
                idle |= {
                    standing.limits.name for standing in standing_of_all() if standing.is_idle(now)
                }
    except (DatabaseError, InterfaceError):
        return "database", frozenset()
    return "queue" if idle else "", frozenset(idle)
