"""What begins to wait for a person, and what no longer needs one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.models import Account
from conversations.choices import Channel as Way
from conversations.choices import ConversationStatus
from conversations.models import Conversation
from interactions.choices import LIVE
from interactions.choices.work import OPEN_WORK, WorkChannel, WorkKind, WorkStatus
from interactions.models import Call, Interaction, Skill, WorkItem, WorkQueue
from interactions.services.live import ring
from utilcrm import clock

_AT_ONCE = 200
"""Conversations and finished items that one round takes in; the rest comes seconds later."""


def rules_of(queue: str) -> WorkQueue:
    """Return how the work of a queue is distributed: its row, or the default values."""
    found = WorkQueue.objects.filter(name__iexact=queue).first() if queue else None
    return found or WorkQueue(name=queue)


def wait_in_queue(*, call: Call, queue: str) -> None:
    """Let a call that rings at nobody's extension wait; a second time changes nothing."""
    rules = rules_of(queue)
    item = WorkItem(
        kind=WorkKind.CALL,
        channel=WorkChannel.CALL,
        queue=queue,
        skill_id=rules.skill_id,
        priority=rules.priority,
        offer_seconds=rules.offer_seconds,
        call=call,
        waiting_since=call.rang_at,
    )
    WorkItem.objects.bulk_create([item], ignore_conflicts=True)


def wait_for_colleague(
    *,
    contact: Interaction,
    given_by: Any,
    for_agent: Any = None,
    queue: str = "",
    skill: Skill | None = None,
    note: str = "",
) -> None:
    """Let a live contact wait for one colleague or a queue, and no longer for whom it waited."""
    rules = rules_of(queue)
    _drop(WorkItem.objects.filter(contact=contact, kind=WorkKind.HANDOVER, status__in=OPEN_WORK))
    item = WorkItem(
        kind=WorkKind.HANDOVER,
        channel=channel_of(contact),
        queue=queue or contact.queue,
        skill_id=skill.pk if skill else rules.skill_id,
        # A customer who has spoken to somebody already has waited long enough.
        priority=1,
        offer_seconds=rules.offer_seconds,
        contact=contact,
        account=contact.account,
        note=note,
        given_by=given_by,
        for_agent=for_agent,
        waiting_since=clock.now(),
    )
    WorkItem.objects.bulk_create([item], ignore_conflicts=True)


def note_customer(contact: Interaction) -> None:
    """Let a contact that waits for a colleague be about the customer who is confirmed by now."""
    WorkItem.objects.filter(contact=contact, kind=WorkKind.HANDOVER, status__in=OPEN_WORK).update(
        account=contact.account
    )


def channel_of(contact: Interaction) -> str:
    """Return by which capacity a contact counts; a visitor takes a person whole, like a call."""
    if contact.channel == "CHAT":
        return WorkChannel.CHAT
    return WorkChannel.WRITING if contact.channel in {"EMAIL", "LETTER"} else WorkChannel.CALL


@transaction.atomic
def add_task(
    *,
    title: str,
    given_by: Any,
    queue: str = "",
    skill: Skill | None = None,
    for_agent: Any = None,
    account: Account | None = None,
    note: str = "",
) -> WorkItem:
    """Put a task into a queue, or before one colleague."""
    rules = rules_of(queue)
    return WorkItem.objects.create(
        kind=WorkKind.TASK,
        channel=WorkChannel.TASK,
        queue=queue,
        skill_id=skill.pk if skill else rules.skill_id,
        priority=rules.priority,
        offer_seconds=max(60, rules.offer_seconds),
        title=title,
        note=note,
        account=account,
        given_by=given_by,
        for_agent=for_agent,
        waiting_since=clock.now(),
    )


def take_in_conversations() -> None:
    """Let the conversations wait that wait for us and are not in the list yet."""
    fresh = list(
        Conversation.objects.filter(status=ConversationStatus.NEW)
        .exclude(work__status__in=OPEN_WORK)
        .order_by("priority", "waiting_since", "id")[:_AT_ONCE]
    )
    if not fresh:
        return
    rules = {queue: rules_of(queue) for queue in {one.queue for one in fresh}}
    skills = {skill.code: skill.pk for skill in Skill.objects.filter(is_active=True)}
    WorkItem.objects.bulk_create(
        [
            WorkItem(
                kind=WorkKind.CONVERSATION,
                channel=WorkChannel.CHAT if one.channel == Way.CHAT else WorkChannel.WRITING,
                queue=one.queue,
                # A skill that nobody has set up cannot be asked for.
                skill_id=skills.get(one.skill) or rules[one.queue].skill_id,
                priority=min(one.priority, rules[one.queue].priority),
                offer_seconds=rules[one.queue].offer_seconds,
                conversation=one,
                account_id=one.account_id,
                waiting_since=one.waiting_since,
            )
            for one in fresh
        ],
        ignore_conflicts=True,
    )


def settle() -> None:
    """Bring the items up to date with what they are about."""
    now = clock.now()
    open_items = WorkItem.objects.filter(status__in=OPEN_WORK)
    _follow_conversations(open_items)
    for item in _locked(
        open_items.filter(conversation__isnull=False).exclude(
            conversation__status=ConversationStatus.NEW
        )
    ):
        # Taken from the list, or finished without being taken.
        _take_off(item)
        conversation = item.conversation
        if conversation is not None and conversation.status == ConversationStatus.ASSIGNED:
            item.accept(by=conversation.agent, at=now, contact=None)
        else:
            item.drop(now)
    gone = open_items.filter(kind=WorkKind.HANDOVER).exclude(contact__status__in=LIVE)
    for item in _locked(gone):
        _take_off(item)
        item.drop(now)
    for item in _locked(open_items.filter(call__status__in=["ENDED", "MISSED"])):
        _take_off(item)
        item.drop(now)
    in_hand = WorkItem.objects.filter(status=WorkStatus.ACCEPTED)
    for item in _locked(
        in_hand.filter(kind__in=[WorkKind.CALL, WorkKind.HANDOVER]).exclude(
            contact__status__in=LIVE
        )
    ):
        item.finish(item.contact.closed_at or now if item.contact else now)
    for item in _locked(
        in_hand.filter(kind=WorkKind.CONVERSATION).exclude(
            conversation__status=ConversationStatus.ASSIGNED
        )
    ):
        item.finish(now)


def drop_call(call: Call) -> None:
    """Take a call off the list: it is over, or somebody has answered it elsewhere."""
    _drop(WorkItem.objects.filter(call=call, status__in=OPEN_WORK))


def _drop(waiting: QuerySet[WorkItem]) -> None:
    for item in waiting.select_for_update(of=("self",), skip_locked=True):
        _take_off(item)
        item.drop(clock.now())


def _follow_conversations(open_items: QuerySet[WorkItem]) -> None:
    """Whose concern a conversation is decides who may get it: keep up with what it says now."""
    now_of = Conversation.objects.filter(pk=OuterRef("conversation")).values("account")
    open_items.filter(conversation__isnull=False).exclude(
        account=F("conversation__account")
    ).exclude(account=None, conversation__account=None).update(account=Subquery(now_of[:1]))


def _locked(rows: Any) -> list[WorkItem]:
    """Lock what nobody else is at; what somebody is at now comes round again in seconds."""
    return list(
        rows.select_for_update(of=("self",), skip_locked=True)
        .select_related("conversation__agent", "contact", "call")
        .order_by("pk")[:_AT_ONCE]
    )


def _take_off(item: WorkItem) -> None:
    if item.offered_to_id is not None:
        ring(item.offered_to_id)
