"""What the register tells us: kept, applied once, and only then taken off its queue."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.choices import DeliveryState
from events.models import Delivery
from events.services import circuit
from events.services.handling import Done
from events.services.inbox import MessageIdReused, Receipt, receive
from events.services.routing import destination_named
from events.services.settling import LeaseLost, confirm
from market.choices import MARKET, Direction, MessageKind, MessageStatus, TaskKind
from market.gateway.canonical import (
    ClaimConfirmed,
    Incoming,
    MessageAccepted,
    MessageRejected,
    PlaceChanged,
    PlaceCut,
    SupplyLost,
    ValuesMeasured,
)
from market.gateway.frozen import to_json
from market.gateway.register import FailureKind, Received, Register, RegisterFailure
from market.models import RegisterMessage
from market.services import reacting
from market.services.answering import as_rows, fits
from market.services.delivering import NoRegister, the_register
from market.services.tasking import open_task
from premises.models import PointOfDelivery
from utilcrm.db.locks import only_one

logger = structlog.get_logger(__name__)

SOURCE = "market"
AT_ONCE = 20
"""Documents of the queue that one run takes at most; the next run is seconds away."""

_KINDS: dict[type[Incoming], MessageKind] = {
    ClaimConfirmed: MessageKind.CONFIRMED,
    MessageAccepted: MessageKind.ACCEPTED,
    MessageRejected: MessageKind.REJECTED,
    SupplyLost: MessageKind.LOST,
    PlaceChanged: MessageKind.PLACE,
    PlaceCut: MessageKind.PLACE_CUT,
    ValuesMeasured: MessageKind.VALUES,
}
_STATES = (PlaceChanged, PlaceCut)
"""What describes how something is: an older word never undoes a newer one."""

_DAYS = ("starts_on", "ends_on", "changed_on", "read_on")


def collect() -> int:
    """
    Take what waits in our queue at the register; return how many documents were taken.

    A register that is away costs nothing but time: what waits there stays there. Two readers at
    once could take off what neither has read, for a platform commits "the first": the second goes.
    """
    with only_one("market", "collect") as is_ours:
        return _collect_and_note() if is_ours else 0


def _collect_and_note() -> int:
    destination = destination_named(MARKET)
    try:
        register = the_register()
        if circuit.is_open(destination) and not circuit.take_probe(destination):
            return 0
        taken = _collect(register)
    except NoRegister:
        return 0
    except RegisterFailure as failure:
        if failure.kind != FailureKind.REFUSED and not failure.reached:
            circuit.note_failure(destination, failure.text)
        logger.info("register_queue_not_read", why=failure.text)
        return 0
    circuit.note_success(destination)
    return taken


def _collect(register: Register) -> int:
    taken = 0
    while taken < AT_ONCE:
        documents = register.collect()
        for document in documents:
            take(document)
            register.commit(document.queue_id)
        taken += len(documents)
        if not documents:
            break
    return taken


def take(document: Received) -> None:
    """
    Keep and apply one document of the queue; may be called again with the same.

    What cannot be read or applied is kept and put on the work list: it never holds up the queue.
    """
    if document.problem:
        _keep_unreadable(document, document.problem)
        return
    for message in document.messages:
        _take_message(document, message)


def _take_message(document: Received, message: Incoming) -> None:
    try:
        _receive(document, message)
    except MessageIdReused:
        _keep_unreadable(document, _("The register has used this message's id for another one."))
    except (OperationalError, InterfaceError, LeaseLost, SoftTimeLimitExceeded):
        # Passing trouble of our own: the document stays where it is.
        raise
    except Exception as exc:
        # Whatever is wrong with one message must not keep the others from us.
        logger.exception("register_message_failed", message_id=message.message_id)
        _keep_unreadable(document, f"{type(exc).__name__}: {exc}", message=message)


def _receive(document: Received, message: Incoming) -> Receipt:
    is_state = isinstance(message, _STATES)
    return receive(
        source=SOURCE,
        message_id=message.message_id[:80],
        payload_bytes=json.dumps(to_json(message), sort_keys=True).encode(),
        object_key=f"{type(message).__name__}:{message.point.external_id}"[:120],
        object_version=int(message.created_at.timestamp() * 1000) if is_state else None,
        apply=lambda: _apply(document, message),
        apply_stale=lambda: _note_stale(document, message),
    )


def _note_stale(document: Received, message: Incoming) -> None:
    _keep(document, message)


def _apply(document: Received, message: Incoming) -> None:
    kept = _keep(document, message)
    if isinstance(message, ClaimConfirmed | MessageAccepted | MessageRejected):
        _answer(kept, message)
    elif kept.pod is None:
        text = _("The register writes about %(point)s, which is not known here.")
        open_task(
            TaskKind.UNREADABLE, text=text % {"point": message.point.external_id}, message=kept
        )
    else:
        reacting.react(kept, message)


def _answer(kept: RegisterMessage, message: Incoming) -> None:
    """Finish our message by its answer; one that answers nothing of ours is for a person."""
    outcome = Done(external_ref=message.message_id[:80], result={"answer": to_json(message)})
    known = _delivery_of(message.reference_id)
    if known is None:
        text = _("An answer to a message that we have not sent: %(id)s.")
        open_task(
            TaskKind.UNREADABLE, text=text % {"id": message.reference_id or "–"}, message=kept
        )
        return
    if not fits(known, message):
        text = _("The register's answer does not fit what we have told: another point or matter.")
        open_task(TaskKind.UNREADABLE, text=text, message=kept, period=kept.period)
        return
    if confirm(known.uuid, outcome):
        return
    logger.info("register_answer_without_effect", reference=message.reference_id)
    if known.state == DeliveryState.CANCELLED and not isinstance(message, MessageRejected):
        # We had given it up, and it counts there: nobody may overlook that.
        text = _("The register has taken a message that was given up here. Clear up what counts.")
        open_task(TaskKind.DIFFERS, text=text, message=kept, period=kept.period)


def _delivery_of(reference: str) -> Delivery | None:
    """Return the message of ours that the register means."""
    try:
        return Delivery.objects.filter(uuid=uuid.UUID(reference), destination=MARKET).first()
    except ValueError:
        return None


def _keep(document: Received, message: Incoming) -> RegisterMessage:
    pod = (
        PointOfDelivery.objects.filter(external_id=message.point.external_id)
        .select_related("premise")
        .first()
    )
    asked = None
    if delivery := _delivery_of(message.reference_id):
        rows = RegisterMessage.objects.filter(uuid=delivery.payload["message_uuid"])
        asked = rows.select_related("period", "order", "pod__premise").first()
    told = to_json(message)
    day = next((told[name] for name in _DAYS if told.get(name)), None)
    found_at = asked.pod if asked and asked.pod else pod
    return RegisterMessage.objects.create(
        direction=Direction.IN,
        kind=_KINDS.get(type(message), MessageKind.OTHER),
        status=MessageStatus.RECEIVED,
        pod=found_at,
        period=asked.period if asked else None,
        order=asked.order if asked else None,
        account_uuid=asked.account_uuid if asked else None,
        segment=asked.segment if asked else pod.premise.segment if pod else None,
        message_id=message.message_id[:80],
        reference=message.reference_id[:80],
        effective_on=dt.date.fromisoformat(day) if day else None,
        facts={name: value for name, value in told.items() if name not in _OWN_ROW},
        objections=as_rows(message.objections) if isinstance(message, MessageRejected) else [],
        raw=_text(document.raw),
        at=message.created_at,
    )


_OWN_ROW = ("message_id", "correlation_id", "created_at", "point", "reference_id", "objections")


@transaction.atomic
def _keep_unreadable(document: Received, problem: str, *, message: Incoming | None = None) -> None:
    """Keep a document as it came, and ask a person to look at it; the same twice is one."""
    rows = RegisterMessage.objects.filter(
        direction=Direction.IN,
        status=MessageStatus.UNREADABLE,
        message_id=(message.message_id if message else document.message_id)[:80],
        reference=document.queue_id[:80],
    )
    if rows.exists():
        return
    kept = RegisterMessage.objects.create(
        direction=Direction.IN,
        kind=MessageKind.OTHER,
        status=MessageStatus.UNREADABLE,
        message_id=(message.message_id if message else document.message_id)[:80],
        reference=document.queue_id[:80],
        raw=_text(document.raw),
        problem=problem,
        at=timezone.now(),
    )
    open_task(TaskKind.UNREADABLE, text=problem, message=kept)


def _text(raw: bytes) -> str:
    """Return a document as text that the database takes; what is no text is shown as such."""
    return raw.decode("utf-8", errors="backslashreplace").replace("\x00", "\\x00")
