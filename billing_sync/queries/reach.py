"""Whether the ERP can be reached."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from billing_sync.choices import ERP
from billing_sync.models import ErpEndpoint
from events.queries import reach_of, stopped_count


@dataclass(frozen=True)
class ErpReach:
    """The ERP's state as every screen may show it."""

    is_set_up: bool
    is_reachable: bool
    away_since: dt.datetime | None
    last_ok_at: dt.datetime | None
    waiting: int
    stopped: int
    last_error: str
    next_try_at: dt.datetime | None = None


def active_endpoint() -> ErpEndpoint | None:
    """Return the tenant's ERP endpoint, if one is set up."""
    return ErpEndpoint.objects.filter(is_active=True).first()


def erp_state() -> ErpReach:
    """Return whether the ERP answers, since when not, and how much waits for it."""
    reach = reach_of(ERP)
    return ErpReach(
        is_set_up=active_endpoint() is not None,
        is_reachable=reach.is_reachable,
        away_since=reach.away_since,
        last_ok_at=reach.last_ok_at,
        waiting=reach.waiting,
        stopped=stopped_count([ERP]),
        last_error=reach.last_error,
        next_try_at=reach.next_try_at,
    )
