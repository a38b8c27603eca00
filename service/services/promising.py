"""Promises to customers: made, kept, taken back, and broken by the clock."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import Account
from events.services import recording
from service.choices import PromiseStatus
from service.models import Case, Promise
from service.services.clockwork import each_on_its_own
from utilcrm import clock, context


class PromiseSettled(Exception):
    """What became of the promise is known already."""


class PromiseTooLate(ValueError):
    """Nothing can be promised for a moment that is over."""


@transaction.atomic
def make_promise(
    *,
    account: Account,
    kind: str,
    text: str,
    due_at: dt.datetime,
    owner: User,
    case: Case | None = None,
    is_visible: bool = True,
    actor: User | None,
) -> Promise:
    """
    Promise a customer something by a moment.

    :param due_at: the first moment that is too late
    :param is_visible: whether the customer sees it in the portal
    :raises PromiseTooLate: if that moment is over
    """
    if due_at <= clock.now():
        raise PromiseTooLate(_("That moment is over."))
    promise = Promise.objects.create(
        account=account,
        kind=kind,
        text=" ".join(text.split()),
        due_at=due_at,
        owner=owner,
        made_by=actor,
        case=case,
        is_visible=is_visible,
        interaction_uuid=context.current_interaction_uuid(),
    )
    _tell("service.promise.made", promise, actor=actor)
    return promise


@transaction.atomic
def keep_promise(*, promise: Promise, note: str, actor: User) -> Promise:
    """
    Note that a promise was kept; after its time that is "kept late".

    :raises PromiseSettled: if what became of it is known already
    """
    locked = _lock(promise)
    locked.mark_kept(at=clock.now(), by=actor, note=note)
    _tell("service.promise.kept", locked, actor=actor)
    return locked


@transaction.atomic
def withdraw_promise(*, promise: Promise, note: str, actor: User) -> Promise:
    """
    Take a promise back; only while it can still be kept, so that no broken one vanishes.

    :raises PromiseSettled: if it was kept, taken back, or its time is over
    """
    locked = _lock(promise)
    if locked.is_late:
        raise PromiseSettled(_("Its time is over: it can be kept late, but not taken back."))
    locked.mark_withdrawn(at=clock.now(), by=actor, note=note)
    _tell("service.promise.withdrawn", locked, actor=actor)
    return locked


def break_overdue_promises() -> int:
    """Note which promises were not kept in time; return how many. Each is broken once."""
    overdue = Promise.objects.filter(status=PromiseStatus.OPEN, due_at__lte=clock.now())
    return each_on_its_own(overdue.order_by("due_at").values_list("pk", flat=True), _break)


@transaction.atomic
def _break(pk: int) -> bool:
    promise = (
        Promise.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, status=PromiseStatus.OPEN, due_at__lte=clock.now())
        .select_related("account")
        .first()
    )
    if promise is None:
        return False
    promise.mark_broken()
    _tell("service.promise.broken", promise, actor=None)
    return True


def _lock(promise: Promise) -> Promise:
    locked = (
        Promise.objects.select_for_update(of=("self",)).select_related("account").get(pk=promise.pk)
    )
    if not locked.is_owed:
        raise PromiseSettled(
            _("This promise is settled: %(status)s.")
            % {"status": locked.get_status_display().lower()}
        )
    return locked


def _tell(name: str, promise: Promise, *, actor: User | None) -> None:
    recording.record(
        name,
        subject=promise,
        actor=actor,
        account_uuid=promise.account.uuid,
        payload={
            "kind": promise.kind,
            "text": promise.text,
            "due_at": promise.due_at.isoformat(),
            "status": promise.status,
        },
    )
