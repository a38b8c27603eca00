"""The market's work list: opened by what happens, done by people, or by the matter itself."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from events.services import recording
from market.choices import TaskKind, TaskStatus
from market.models import MarketTask, RegisterMessage, SupplyPeriod
from premises.models import PointOfDelivery


class TaskDone(Exception):
    """Somebody has done the task meanwhile."""


def open_task(
    kind: TaskKind,
    *,
    text: str,
    period: SupplyPeriod | None = None,
    message: RegisterMessage | None = None,
    pod: PointOfDelivery | None = None,
    due_on: dt.date | None = None,
    account_uuid: uuid.UUID | None = None,
    segment: str | None = None,
) -> MarketTask:
    """
    Put a task on the list, in the caller's transaction; the same twice is one.

    :param text: what is the matter, in plain words
    """
    own = {"message": message} if message else {"message": None, "period": period, "pod": pod}
    known = MarketTask.objects.filter(kind=kind, status=TaskStatus.OPEN, **own).first()
    if known is not None:
        return known
    account = period.account if period else None
    task = MarketTask.objects.create(
        kind=kind,
        text=text,
        period=period,
        message=message,
        pod=pod or (period.pod if period else message.pod if message else None),
        due_on=due_on,
        segment=account.segment if account else segment or (message.segment if message else None),
        account_uuid=account.uuid
        if account
        else account_uuid or (message.account_uuid if message else None),
    )
    recording.record(
        "market.task.opened",
        subject=task,
        account_uuid=task.account_uuid,
        payload={"kind": kind, "text": text},
    )
    return task


def settle_tasks(period: SupplyPeriod, *kinds: TaskKind) -> None:
    """Close a period's tasks whose matter has settled itself."""
    _settle(MarketTask.objects.filter(period=period, kind__in=kinds))


def settle_message(message: RegisterMessage, *kinds: TaskKind) -> None:
    """Close a message's tasks whose matter has settled itself."""
    _settle(MarketTask.objects.filter(message=message, kind__in=kinds))


def _settle(rows: QuerySet[MarketTask]) -> None:
    for task in rows.filter(status=TaskStatus.OPEN):
        task.mark_done(note=_("Has settled itself."), by=None, at=timezone.now())


@transaction.atomic
def finish_task(*, task: MarketTask, note: str, actor: User) -> MarketTask:
    """
    Note that a task is done. What the register refused may be told again after that.

    :param note: what was done
    :raises TaskDone: if a colleague was faster
    """
    locked = _lock(task)
    locked.mark_done(note=note, by=actor, at=timezone.now())
    recording.record(
        "market.task.done",
        subject=locked,
        actor=actor,
        account_uuid=locked.account_uuid,
        payload={"kind": locked.kind, "note": note},
    )
    return locked


@transaction.atomic
def assign_task(*, task: MarketTask, actor: User) -> MarketTask:
    """
    Take a task over, or give it back if one has it.

    :raises TaskDone: if a colleague was faster
    """
    locked = _lock(task)
    locked.assign(None if locked.assigned_to_id == actor.pk else actor)
    return locked


def _lock(task: MarketTask) -> MarketTask:
    locked = MarketTask.objects.select_for_update().get(pk=task.pk)
    if not locked.is_open:
        raise TaskDone(_("This task is done already."))
    return locked
