"""
Rehearsal: let the outside world of a demo or training tenant misbehave, for a while.

The faults are the stand-ins' own, narrowed to the tenant's client, so that no other tenant
notices, and each ends by itself. A live tenant talks to real companies and is refused here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tenants.choices import Purpose
from tenants.gateway.stand_ins import StandIn, StandInAway
from tenants.models import Tenant

LONGEST = dt.timedelta(hours=1)
"""A fault that was forgotten ends by itself."""


class RehearsalRefused(Exception):
    """The tenant is live, or the fault makes no sense; in words for the administrator."""


@dataclass(frozen=True)
class OutsideSystem:
    """One stand-in as a rehearsal sees it: what it can do, what it does to this tenant now."""

    name: str
    kinds: list[str]
    faults: list[dict[str, Any]]
    trouble: str = ""


def outside_systems(tenant: Tenant) -> list[OutsideSystem]:
    """
    Return the stand-ins around a tenant; one that does not answer says so.

    :raises RehearsalRefused: for a live tenant
    """
    _refuse_live(tenant)
    return [_system(name, tenant) for name in settings.STAND_IN_CONTROLS]


def misbehave(tenant: Tenant, *, system: str, kind: str, every: int, lasting: dt.timedelta) -> None:
    """
    Let a stand-in misbehave towards a tenant: at each ``every``-th call, for a while.

    :raises RehearsalRefused: for a live tenant, an unknown fault, or longer than ``LONGEST``
    """
    _refuse_live(tenant)
    if system not in settings.STAND_IN_CONTROLS:
        raise RehearsalRefused(_("There is no such system here."))
    if not dt.timedelta() < lasting <= LONGEST:
        raise RehearsalRefused(_("A fault lasts an hour at most."))
    fault = {
        "kind": kind,
        "every": every,
        "duration_seconds": lasting.total_seconds(),
        "client": tenant.schema_name,
    }
    try:
        StandIn(system).add(fault)
    except StandInAway as away:
        raise RehearsalRefused(str(away)) from away


def behave(tenant: Tenant) -> None:
    """
    End every rehearsed fault of a tenant, also if some of the stand-ins do not answer.

    :raises RehearsalRefused: for a live tenant, or afterwards if a stand-in did not answer
    """
    _refuse_live(tenant)
    troubles = []
    for name in settings.STAND_IN_CONTROLS:
        try:
            StandIn(name).clear(tenant.schema_name)
        except StandInAway as away:
            troubles.append(f"{name}: {away}")
    if troubles:
        raise RehearsalRefused("; ".join(troubles))


def _system(name: str, tenant: Tenant) -> OutsideSystem:
    stand_in = StandIn(name)
    try:
        return OutsideSystem(name, stand_in.kinds(), stand_in.faults(tenant.schema_name))
    except StandInAway as away:
        return OutsideSystem(name, [], [], trouble=str(away))


def _refuse_live(tenant: Tenant) -> None:
    if tenant.purpose == Purpose.LIVE:
        raise RehearsalRefused(_("This tenant is live: the companies it talks to are real."))
