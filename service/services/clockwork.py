"""Rows that are worked through by the clock, each on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog

logger = structlog.stdlib.get_logger(__name__)


def each_on_its_own(pks: Iterable[int], work: Callable[[int], int]) -> int:
    """
    Do the work for each row and return the sum of what it returns.

    What goes wrong with one is logged, and is tried again by the next run; it holds up no other.
    """
    done = 0
    for pk in list(pks):
        try:
            done += work(pk)
        except Exception:
            logger.exception("clock_work_failed", work=work.__name__, row=pk)
    return done
