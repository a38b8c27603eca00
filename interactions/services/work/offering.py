"""
Work is offered to whom it fits: skill, capacity, and the longest idle time.

`distribute` may run anywhere, at any time, and several times at once: an item and a person are each
taken with SKIP LOCKED, so that nothing is offered twice and nobody gets two offers.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Window,
)
from django.db.models.functions import Coalesce, Greatest, RowNumber

from access.queries import segments_of
from interactions.choices import LIVE
from interactions.choices.work import PresenceState, WorkChannel, WorkKind, WorkStatus
from interactions.models import Interaction, Presence, WorkItem
from interactions.services.live import ring
from interactions.services.work.presence import MOST_UNANSWERED, send_away
from interactions.services.work.waiting import settle, take_in_conversations
from utilcrm import clock

ASK_AGAIN_AFTER = dt.timedelta(seconds=60)
"""When everybody has had an item, it rests for so long before the first is asked again."""

_AT_ONCE = 50
"""Items of one kind that one round looks at, and people whom it asks for one item."""

_PERMISSION = "interactions.handle_interaction"
_WRITTEN = ["EMAIL", "LETTER"]


def distribute_soon() -> None:
    """Distribute once the running transaction has committed; the clock does it anyway."""
    transaction.on_commit(distribute, robust=True)


def distribute() -> int:
    """Take in what waits, let offers run out, offer; return how many offers were made."""
    with transaction.atomic():
        take_in_conversations()
        settle()
    let_offers_run_out()
    return offer_what_waits()


@transaction.atomic
def let_offers_run_out(*, now: dt.datetime | None = None) -> int:
    """Take back the offers whose time is over; who lets several go counts as away."""
    now = now or clock.now()
    over = WorkItem.objects.select_for_update(of=("self",), skip_locked=True).filter(
        status=WorkStatus.OFFERED, offer_until__lte=now
    )
    number = 0
    for item in over.select_related("offered_to"):
        agent = item.offered_to
        item.withdraw_offer()
        number += 1
        if agent is None:
            continue
        ring(agent.pk)
        presence = Presence.objects.select_for_update(of=("self",)).filter(agent=agent).first()
        if presence is not None and presence.note_unanswered() >= MOST_UNANSWERED:
            send_away(agent)
    return number


@transaction.atomic
def offer_what_waits(*, now: dt.datetime | None = None) -> int:
    """Offer the most urgent items to whoever fits; return how many found somebody."""
    now = now or clock.now()
    offered = 0
    for_nobody = set()
    for item in _front():
        likes = _likes(item)
        # Nobody gets freer while this goes on.
        presence = None if likes in for_nobody else next_agent(item)
        if presence is None:
            for_nobody.add(likes)
            if item.asked and item.updated_at < now - ASK_AGAIN_AFTER:
                item.ask_all_again()
            continue
        item.offer(to=presence.agent, until=now + dt.timedelta(seconds=item.offer_seconds))
        ring(presence.agent_id)
        offered += 1
    return offered


def _front() -> QuerySet[WorkItem]:
    """
    Lock the most urgent items of each kind of work, the most urgent of all first.

    Of each kind: what nobody can take now must not keep the rest from being looked at.
    """
    place = Window(
        RowNumber(),
        partition_by=["channel", "skill", "for_agent", "account__segment"],
        order_by=["priority", "waiting_since", "id"],
    )
    first = (
        WorkItem.objects.filter(status=WorkStatus.WAITING)
        .annotate(place=place)
        .filter(place__lte=_AT_ONCE)
    )
    rows: QuerySet[WorkItem] = WorkItem.objects.select_for_update(of=("self",), skip_locked=True)
    return (
        rows.filter(status=WorkStatus.WAITING, pk__in=first.values("pk"))
        .select_related("account")
        .order_by("priority", "waiting_since", "id")
    )


def _likes(item: WorkItem) -> tuple[Any, ...]:
    """Return what decides whom an item can be offered to."""
    segment = item.account.segment if item.account else None
    people = (item.for_agent_id, item.given_by_id, frozenset(item.asked))
    return (item.channel, item.skill_id, segment, *people)


def next_agent(item: WorkItem) -> Presence | None:
    """Lock and return the presence of who gets an item next; None if nobody can take it."""
    for presence in _candidates(item).select_for_update(of=("self",), skip_locked=True)[:_AT_ONCE]:
        if _may_have(presence.agent, item):
            return presence
    return None


def _candidates(item: WorkItem) -> Any:
    rows = Presence.objects.filter(agent__is_active=True).select_related("agent")
    rows = rows.annotate(
        has_offer=Exists(
            WorkItem.objects.filter(status=WorkStatus.OFFERED, offered_to=OuterRef("agent"))
        ),
        idle_since=Greatest(
            "since",
            Coalesce(_last_closed(), F("since"), output_field=DateTimeField()),
        ),
    ).filter(has_offer=False)
    if item.for_agent_id:
        # A colleague who was named decides alone, however much there is to do.
        rows = rows.filter(
            agent_id=item.for_agent_id, state__in=[PresenceState.READY, PresenceState.BUSY]
        )
        return rows.exclude(agent_id__in=item.asked)
    rows = rows.filter(state=PresenceState.READY).exclude(agent_id__in=item.asked)
    if item.given_by_id:
        rows = rows.exclude(agent_id=item.given_by_id)
    if item.skill_id:
        rows = rows.filter(agent__skills__skill=item.skill_id)
    rows = rows.annotate(on_phone=_live(PHONE), chats=_live(CHAT), writing=_live(WRITING))
    limit, load = _BY_CHANNEL[WorkChannel(item.channel)]
    rows = rows.annotate(tasks=_tasks()).filter(**{f"{load}__lt": F(limit)})
    if item.channel != WorkChannel.CALL:
        # Nobody reads while somebody speaks.
        rows = rows.filter(on_phone=0)
    return rows.order_by("idle_since", "pk")


PHONE = ~Q(channel__in=["CHAT", *_WRITTEN])
CHAT = Q(channel="CHAT")
WRITING = Q(channel__in=_WRITTEN)

_BY_CHANNEL = {
    WorkChannel.CALL: ("calls_at_once", "on_phone"),
    WorkChannel.CHAT: ("chats_at_once", "chats"),
    WorkChannel.WRITING: ("writing_at_once", "writing"),
    WorkChannel.TASK: ("tasks_at_once", "tasks"),
}


def _live(which: Q) -> Coalesce:
    live = (
        Interaction.objects.filter(which, agent=OuterRef("agent"), status__in=LIVE)
        .order_by()
        .values("agent")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(live, output_field=IntegerField()), 0)


def _tasks() -> Coalesce:
    held = (
        WorkItem.objects.filter(
            kind=WorkKind.TASK, status=WorkStatus.ACCEPTED, accepted_by=OuterRef("agent")
        )
        .order_by()
        .values("accepted_by")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(held, output_field=IntegerField()), 0)


def _last_closed() -> Subquery:
    closed = Interaction.objects.filter(agent=OuterRef("agent"), closed_at__isnull=False)
    return Subquery(closed.order_by("-closed_at").values("closed_at")[:1])


def _may_have(agent: Any, item: WorkItem) -> bool:
    segments = segments_of(agent)
    if not segments or (item.account is not None and item.account.segment not in segments):
        return False
    return bool(agent.has_perm(_PERMISSION))
