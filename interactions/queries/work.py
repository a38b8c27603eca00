"""What waits, what is offered, what is in hand, and who is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from access.models import User
from conversations.queries.reaching import maybe_of
from identification.queries import Hit
from interactions.choices import LIVE, CallStatus, Direction
from interactions.choices.work import OPEN_WORK, PresenceState, WorkKind, WorkStatus
from interactions.models import AgentSkill, Call, Interaction, Presence, WorkItem, WorkQueue
from interactions.queries.contacts import RINGS_FOR
from utilcrm import clock

SHOWN = 8
"""Rows of what waits on the desk; the page of the queue shows more."""

TOLD_FOR = dt.timedelta(seconds=60)
"""How long somebody is told that a colleague has declined."""

_RELATED = (
    "account",
    "call",
    "contact__account",
    "conversation__account",
    "given_by",
    "offered_to",
    "for_agent",
    "skill",
)


def waiting_for(user: Any) -> QuerySet[WorkItem]:
    """Return what waits for this person or for anybody, the most urgent first."""
    rows: QuerySet[WorkItem] = WorkItem.objects.visible_to(user)
    return (
        rows.filter(status__in=OPEN_WORK)
        .filter(Q(for_agent=None) | Q(for_agent=user))
        .select_related(*_RELATED)
        .order_by("priority", "waiting_since", "id")
    )


def offered_to(user: Any) -> WorkItem | None:
    """Return what is offered to a person now."""
    found: WorkItem | None = (
        WorkItem.objects.visible_to(user)
        .filter(offered_to=user, status=WorkStatus.OFFERED, offer_until__gt=clock.now())
        .select_related(*_RELATED)
        .first()
    )
    return found


def with_proposals(items: Iterable[WorkItem], user: Any) -> list[tuple[WorkItem, Hit | None]]:
    """Return work with the customer whom each conversation may come from."""
    found = list(items)
    hits = maybe_of([one.conversation for one in found if one.conversation is not None], user)
    return [(one, hits.get(one.conversation.pk) if one.conversation else None) for one in found]


def just_declined(user: Any) -> WorkItem | None:
    """Return the contact of this person's that a colleague did not want to take over just now."""
    found: WorkItem | None = (
        WorkItem.objects.visible_to(user)
        .filter(
            kind=WorkKind.HANDOVER,
            status=WorkStatus.GONE,
            given_by=user,
            for_agent__isnull=False,
            contact__agent=user,
            contact__status__in=LIVE,
            ended_at__gte=clock.now() - TOLD_FOR,
        )
        .exclude(contact__work__status__in=OPEN_WORK)
        .select_related("for_agent", "contact__account")
        .order_by("-ended_at")
        .first()
    )
    return found


def tasks_in_hand(user: Any) -> list[WorkItem]:
    """Return the tasks that a person has accepted, oldest first."""
    return list(
        WorkItem.objects.visible_to(user)
        .filter(kind=WorkKind.TASK, status=WorkStatus.ACCEPTED, accepted_by=user)
        .select_related("account", "given_by")
        .order_by("accepted_at")[:SHOWN]
    )


def queue_names() -> list[str]:
    """Return the queues that have rules, by name."""
    return list(WorkQueue.objects.order_by("name").values_list("name", flat=True))


@dataclass(frozen=True)
class Colleague:
    """A person, their state since when, what they can do, and how many contacts they have."""

    user: User
    presence: Presence | None
    live: int
    skills: list[str]

    @property
    def state(self) -> str:
        """Return the state; who never said anything is not at work."""
        return self.presence.state if self.presence else PresenceState.OFFLINE

    @property
    def label(self) -> str:
        """Return the state in words, a break with its reason."""
        if self.presence is None:
            return str(PresenceState.OFFLINE.label)
        if self.presence.reason:
            return str(self.presence.get_reason_display())
        return str(self.presence.get_state_display())

    @property
    def since(self) -> dt.datetime | None:
        """Return since when the state lasts."""
        return self.presence.since if self.presence else None


def team() -> list[Colleague]:
    """Return everybody who handles contacts, by name."""
    handlers = Q(groups__permissions__codename="handle_interaction") | Q(
        user_permissions__codename="handle_interaction"
    )
    people = (
        User.objects.filter(handlers, is_active=True)
        .select_related("presence")
        .distinct()
        .order_by("first_name", "last_name", "pk")
    )
    live = dict(
        Interaction.objects.filter(status__in=LIVE)
        .order_by()
        .values_list("agent_id")
        .annotate(number=Count("pk"))
    )
    skills: dict[int, list[str]] = {}
    for agent_id, name in AgentSkill.objects.order_by("skill__name").values_list(
        "agent_id", "skill__name"
    ):
        skills.setdefault(agent_id, []).append(name)
    return [
        Colleague(
            user=person,
            presence=getattr(person, "presence", None),
            live=live.get(person.pk, 0),
            skills=skills.get(person.pk, []),
        )
        for person in people
    ]


def ringing_calls() -> QuerySet[Call]:
    """Return the inbound calls that ring at an extension now, and so are in no queue of ours."""
    return Call.objects.filter(
        status=CallStatus.RINGING,
        direction=Direction.INBOUND,
        rang_at__gte=clock.now() - RINGS_FOR,
    ).exclude(extension="")


@dataclass(frozen=True)
class Waiting:
    """How much waits in one queue, and since when the longest."""

    queue: str
    number: int
    since: dt.datetime | None


def waiting_by_queue(user: Any) -> list[Waiting]:
    """Count what waits by queue, calls that ring at an extension among it."""
    counted: dict[str, Waiting] = {}
    rows = WorkItem.objects.visible_to(user).filter(status__in=OPEN_WORK)
    for source, since in ((rows, "waiting_since"), (ringing_calls(), "rang_at")):
        for queue, number, first in (
            source.order_by().values_list("queue").annotate(Count("pk"), Min(since))
        ):
            known = counted.get(queue, Waiting(queue, 0, None))
            firsts = [moment for moment in (known.since, first) if moment is not None]
            counted[queue] = Waiting(queue, known.number + number, min(firsts, default=None))
    return sorted(counted.values(), key=lambda one: one.queue)
