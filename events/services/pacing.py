"""Keep to the rate agreed with a destination, however many workers call it."""

from __future__ import annotations

import time

from django.db import connection

from events.models import Circuit
from events.services.routing import Destination

_TAKE_A_PLACE = """
    UPDATE events_circuit
    SET next_call_at = LEAST(
            GREATEST(COALESCE(next_call_at, clock_timestamp()), clock_timestamp()),
            clock_timestamp() + make_interval(secs => %(gap)s * %(workers)s))
        + make_interval(secs => %(gap)s)
    WHERE destination = %(destination)s
    RETURNING EXTRACT(EPOCH FROM next_call_at - clock_timestamp())::float8 - %(gap)s
"""


def await_turn(destination: Destination, *, rate: float) -> None:
    """
    Wait until this call is due: calls of all workers of the tenant stand ``1 / rate`` s apart.

    The places are given out by PostgreSQL's clock, so that workers on several machines agree. No
    place lies further ahead than all workers together can have taken: if that clock is put back,
    nobody waits for the time that it had been.
    """
    wait = _take_a_place(destination, gap=1 / rate)
    if wait is None:
        Circuit.objects.get_or_create(destination=destination.name)
        wait = _take_a_place(destination, gap=1 / rate)
    if wait and wait > 0:
        time.sleep(wait)


def _take_a_place(destination: Destination, *, gap: float) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_A_PLACE,
            {"gap": gap, "destination": destination.name, "workers": destination.parallel},
        )
        row = cursor.fetchone()
    return row[0] if row else None
