"""What the register answers to our messages: by its queue, or when it is asked."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Delivery
from events.services import recording
from events.services.handling import Envelope
from market.choices import (
    OPEN_DISCONNECTION,
    DisconnectionStatus,
    EndReason,
    MessageKind,
    PeriodStatus,
    TaskKind,
)
from market.gateway.canonical import (
    ClaimConfirmed,
    Incoming,
    MessageAccepted,
    MessageRejected,
    Objection,
)
from market.models import RegisterMessage, SupplyPeriod
from market.queries.reasons import readable
from market.services.recording import tell_period
from market.services.tasking import open_task, settle_message, settle_tasks

_UNCLAIMED = (PeriodStatus.PLANNED, PeriodStatus.CLAIMED)
_TOLD = (PeriodStatus.CONFIRMED, PeriodStatus.ENDING)


@transaction.atomic
def take_answer(*, message_uuid: uuid.UUID | str, answer: Incoming) -> None:
    """Write down what the register says to a message of ours; a repeated answer changes nothing."""
    message = lock_message(message_uuid)
    if not message.is_unanswered:
        return
    settle_message(message, TaskKind.OVERDUE, TaskKind.MESSAGE_STOPPED)
    if isinstance(answer, MessageRejected):
        _rejected(message, answer.objections)
    elif isinstance(answer, ClaimConfirmed):
        message.mark_accepted(at=timezone.now())
        period = _locked(message)
        if period is not None and period.status in _UNCLAIMED:
            period.mark_confirmed(starts_on=answer.starts_on, at=timezone.now())
            settle_tasks(period, TaskKind.CLAIM_REJECTED)
            tell_period("confirmed", period)
    elif isinstance(answer, MessageAccepted):
        message.mark_accepted(at=timezone.now())
        _ACCEPTED.get(message.kind, _noted)(message)


def fits(delivery: Delivery | Envelope, answer: Incoming) -> bool:
    """
    Tell whether an answer can be one to a message of ours: about its point, and of its kind.

    Only a claim is confirmed; whatever else of a claim is accepted, its confirmation follows.
    """
    told = delivery.payload["message"]["point"]["external_id"]
    if answer.point.external_id not in {"", told}:
        return False
    is_claim = delivery.kind == MessageKind.CLAIM
    return isinstance(answer, MessageRejected | (ClaimConfirmed if is_claim else MessageAccepted))


def lock_message(message_uuid: uuid.UUID | str) -> RegisterMessage:
    """Lock a message, and before it the period that it is about: as planning does."""
    known = RegisterMessage.objects.get(uuid=message_uuid)
    _locked(known)
    rows = RegisterMessage.objects.select_for_update(of=("self",)).select_related(
        "period", "order__account", "pod"
    )
    found: RegisterMessage = rows.get(pk=known.pk)
    return found


def stop(*, message_uuid: uuid.UUID | str, text: str) -> None:
    """Note that a message does not get through; `text` says why, in plain words."""
    message = RegisterMessage.objects.get(uuid=message_uuid)
    open_task(TaskKind.MESSAGE_STOPPED, text=text, message=message, period=message.period)


def as_rows(objections: Iterable[Objection]) -> list[dict[str, str]]:
    """Return objections as they are kept: the register's code, and what it means to a person."""
    rows = [{"code": one.code, "text": readable(one.code, one.text)} for one in objections]
    return rows or [{"code": "", "text": _("The register gave no reason.")}]


def in_words(objections: Iterable[dict[str, str]]) -> str:
    """Return kept objections in one line."""
    return " ".join(one["text"] for one in objections)


def _rejected(message: RegisterMessage, objections: Iterable[Objection]) -> None:
    rows = as_rows(objections)
    message.mark_rejected(rows, at=timezone.now())
    text = in_words(rows)
    period = _locked(message)
    if message.kind == MessageKind.CLAIM and period is not None:
        if period.status in _UNCLAIMED:
            period.mark_rejected(rows)
        open_task(TaskKind.CLAIM_REJECTED, text=text, period=period, due_on=period.starts_on)
        tell_period("rejected", period, text=text, codes=[row["code"] for row in rows])
        return
    if period is not None and period.status == PeriodStatus.WITHDRAWING:
        period.mark_kept()
    order = message.order
    if order is not None and order.status == DisconnectionStatus.ORDERED:
        order.mark_rejected(text)
    elif order is not None and order.status == DisconnectionStatus.RESTORING:
        order.mark_cut()
    open_task(
        TaskKind.MESSAGE_REJECTED,
        text=f"{message.get_kind_display()}: {text}",
        message=message,
        period=period,
        due_on=message.effective_on,
    )
    if period is not None:
        tell_period("told", period, kind=message.kind, text=text)


def _noted(message: RegisterMessage) -> None:
    """Nothing follows from it."""


def _withdrawn(message: RegisterMessage) -> None:
    period = _locked(message)
    if period is not None and period.status == PeriodStatus.WITHDRAWING:
        period.mark_withdrawn(at=timezone.now())
        settle_tasks(period, TaskKind.DIFFERS, TaskKind.MESSAGE_REJECTED)
        tell_period("withdrawn", period)


def _announced(message: RegisterMessage) -> None:
    period, day = _locked(message), message.effective_on
    if period is not None and day is not None and period.status == PeriodStatus.CONFIRMED:
        period.mark_ending(ends_on=day, reason=_reason(message))
        tell_period("ending", period)


def _taken_back(message: RegisterMessage) -> None:
    period = _locked(message)
    if period is not None and period.status == PeriodStatus.ENDING:
        period.mark_kept()
        tell_period("kept", period)


def _ended(message: RegisterMessage) -> None:
    period, day = _locked(message), message.effective_on
    if period is not None and day is not None and period.status in _TOLD:
        period.mark_ended(ends_on=day, reason=_reason(message), at=timezone.now())
        settle_tasks(period, TaskKind.REASON_MISSING, TaskKind.DIFFERS)
        tell_period("ended", period)


def _cut(message: RegisterMessage) -> None:
    order = message.order
    if order is not None and order.status == DisconnectionStatus.ORDERED:
        order.mark_cut()
        recording.record("market.disconnection.cut", subject=order, account_uuid=order.account.uuid)


def _restored(message: RegisterMessage) -> None:
    order, day = message.order, message.effective_on
    if order is not None and day is not None and order.status in OPEN_DISCONNECTION:
        order.mark_restored(on=day)
        recording.record(
            "market.disconnection.restored", subject=order, account_uuid=order.account.uuid
        )


def _reason(message: RegisterMessage) -> str:
    return EndReason(str(message.facts["reason"])).value


def _locked(message: RegisterMessage) -> SupplyPeriod | None:
    """Lock the period that a message is about, with what its events name."""
    if message.period_id is None:
        return None
    rows = SupplyPeriod.objects.select_for_update(of=("self",))
    found: SupplyPeriod = rows.select_related("account", "contract", "pod").get(
        pk=message.period_id
    )
    return found


_ACCEPTED: dict[str, Callable[[RegisterMessage], None]] = {
    MessageKind.WITHDRAWAL: _withdrawn,
    MessageKind.NOTICE: _announced,
    MessageKind.NOTICE_BACK: _taken_back,
    MessageKind.END: _ended,
    MessageKind.CUT: _cut,
    MessageKind.RESTORE: _restored,
}
