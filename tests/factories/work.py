"""People who are there, and work that waits, as the tests need them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from interactions.choices.work import PresenceState
from interactions.models import AgentSkill, Presence, Skill, WorkItem
from interactions.services.work.presence import change_presence
from interactions.services.work.waiting import add_task


def there(agent: Any, *skills: Skill, idle: int = 0, **capacity: int) -> Presence:
    """Let somebody be ready since `idle` seconds, with skills and capacity."""
    change_presence(agent=agent, state=PresenceState.READY)
    AgentSkill.objects.bulk_create([AgentSkill(agent=agent, skill=skill) for skill in skills])
    since = timezone.now() - dt.timedelta(seconds=idle)
    Presence.objects.filter(agent=agent).update(since=since, **capacity)
    return Presence.objects.get(agent=agent)


def task(title: str = "Call the grid operator", **facts: Any) -> WorkItem:
    """Put a task into the queue."""
    return add_task(title=title, given_by=None, **facts)
