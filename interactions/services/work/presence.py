"""Who is there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from interactions.choices import LIVE
from interactions.choices.work import BreakReason, PresenceState, WorkStatus
from interactions.models import AgentSkill, Interaction, Presence, PresenceSpell, Skill, WorkItem
from interactions.services.live import ring
from utilcrm import clock

logger = structlog.stdlib.get_logger(__name__)

SILENT_FOR = dt.timedelta(minutes=10)
"""A browser that has not asked for so long belongs to somebody who is away."""

GONE_AFTER = dt.timedelta(minutes=60)
"""And after so long to somebody who has gone home."""

MOST_UNANSWERED = 3
"""Offers in a row that may run out before somebody counts as away."""

LEFT_AFTER = dt.timedelta(hours=4)
"""Nobody is with a customer for so long without a look at the screen."""

_HEARTBEAT_SECONDS = 60


class ReasonNeeded(Exception):
    """A break has a reason, or the reason is none that we know."""

    field = "reason"


def presence_of(agent: Any) -> Presence:
    """Return a person's presence; somebody who has never said anything is not at work."""
    known: Presence | None = Presence.objects.filter(agent=agent).first()
    now = clock.now()
    return known or Presence(agent=agent, since=now, seen_at=now)


@transaction.atomic
def change_presence(*, agent: Any, state: str, reason: str = "", seen: bool = True) -> Presence:
    """
    Go to a state, and end the spell before it; saying the same again changes nothing.

    Somebody who is no longer ready has no offer any more.

    :raises ReasonNeeded: for a break without a reason
    :raises ValueError: for a state that there is not
    """
    if state not in PresenceState.values:
        raise ValueError(state)
    is_break = state == PresenceState.BREAK
    if is_break and reason not in BreakReason.values:
        raise ReasonNeeded(_("Say what kind of break it is."))
    now = clock.now()
    presence = _locked(agent)
    if seen:
        presence.seen_at = now
        presence.save(update_fields=["seen_at", "updated_at"])
    reason = reason if is_break else ""
    if (presence.state, presence.reason) == (state, reason):
        return presence
    PresenceSpell.objects.filter(agent=agent, ended_at=None).update(ended_at=now)
    presence.change(state=state, reason=reason, at=now)
    PresenceSpell.objects.create(agent=agent, state=state, reason=reason, began_at=now)
    if state != PresenceState.READY:
        _withdraw_offer(agent)
    ring(agent.pk)
    return presence


@transaction.atomic
def set_abilities(*, agent: Any, skills: list[Skill], at_once: dict[str, int]) -> Presence:
    """Say what a person can do, and how much at once (by the name of the presence's column)."""
    presence = _locked(agent)
    for name, number in at_once.items():
        setattr(presence, name, number)
    presence.save(update_fields=[*at_once, "updated_at"])
    wanted = {skill.pk for skill in skills}
    has = set(AgentSkill.objects.filter(agent=agent).values_list("skill_id", flat=True))
    AgentSkill.objects.filter(agent=agent, skill_id__in=has - wanted).delete()
    AgentSkill.objects.bulk_create(
        [AgentSkill(agent=agent, skill_id=key) for key in sorted(wanted - has)],
        ignore_conflicts=True,
    )
    return presence


def note_seen(user: Any) -> None:
    """Note, once a minute at most, that the person's browser asks for news."""
    try:
        if not cache.add(f"presence:{user.pk}", 1, _HEARTBEAT_SECONDS):
            return
    except RedisError:
        logger.warning("heartbeat_not_kept", user_id=user.pk)
    Presence.objects.filter(agent=user).update(seen_at=clock.now())


@transaction.atomic
def notice_silence(*, now: dt.datetime | None = None) -> int:
    """
    Send away who has not been heard of; return how many.

    Somebody with a customer is left alone for a while: the browser may be behind another window.
    """
    now = now or clock.now()
    busy = Interaction.objects.filter(status__in=LIVE).values("agent_id")
    is_left = Q(seen_at__lt=now - LEFT_AFTER)
    silent = Presence.objects.exclude(state=PresenceState.OFFLINE).filter(
        is_left | Q(seen_at__lt=now - SILENT_FOR) & ~Q(agent_id__in=busy)
    )
    changed = 0
    for presence in silent.select_related("agent"):
        is_gone = presence.seen_at < now - GONE_AFTER
        state = PresenceState.OFFLINE if is_gone else PresenceState.AWAY
        if presence.state == state or (presence.state == PresenceState.BREAK and not is_gone):
            continue
        change_presence(agent=presence.agent, state=state, seen=False)
        changed += 1
    return changed


def send_away(agent: Any) -> None:
    """Note that somebody lets offers run out."""
    change_presence(agent=agent, state=PresenceState.AWAY, seen=False)


def _locked(agent: Any) -> Presence:
    now = clock.now()
    Presence.objects.get_or_create(agent=agent, defaults={"since": now, "seen_at": now})
    return Presence.objects.select_for_update(of=("self",)).get(agent=agent)


def _withdraw_offer(agent: Any) -> None:
    offered = WorkItem.objects.select_for_update(of=("self",), skip_locked=True).filter(
        offered_to=agent, status=WorkStatus.OFFERED
    )
    for item in offered:
        item.withdraw_offer()
