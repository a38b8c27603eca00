"""
What the print company delivers: each message once, its receipt again as often as it asks.

A token is sealed before anything is written: it is in no statement, no event, no receipt.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from billing_sync.choices import LETTERS
from billing_sync.gateway.print_batches import (
    Batch,
    BatchInvalid,
    batch_fault,
    confirmation,
    read_batch,
)
from billing_sync.models import PrintEndpoint, TokenBatch
from billing_sync.queries.invoices import active_printer
from billing_sync.services.invoicing import sorting
from events.services import recording
from events.services.inbox import MessageIdReused, receive
from events.services.outbox import enqueue
from utilcrm.strongbox import Strongbox, digest_of

__all__ = ["BatchInvalid", "batch_fault", "place_of", "take_batch", "tokens_box"]

SOURCE = "print"
LETTERS_AT_ONCE = 500


def tokens_box() -> Strongbox:
    """Return the box that tokens rest in."""
    return Strongbox("billing_sync.invoice-token")


def place_of(month: dt.date, number: str) -> str:
    """Return what a token is bound to."""
    return f"{month:%Y-%m}:{number}"


@dataclass(frozen=True)
class _Lines:
    """The lines of a batch, sealed; the same line twice is one."""

    batch: Batch
    key: bytes

    def __iter__(self) -> Iterator[tuple[str, bytes, bytes, bool]]:
        box, seen = tokens_box(), set()
        for number, token, is_replacement in self.batch.lines:
            secret = token.encode()
            digest = digest_of(secret, key=self.key)
            if (number, digest) not in seen:
                seen.add((number, digest))
                sealed = box.seal(secret, place=place_of(self.batch.month, number))
                yield number, sealed, digest, is_replacement


@sensitive_variables()
def take_batch(payload: bytes, *, endpoint: PrintEndpoint) -> bytes:
    """
    Take one message of the print company, and return the receipt.

    The same message again changes nothing and gets the same receipt.

    :raises BatchInvalid: if it is not what was agreed, or its id was used for another content;
        nothing of it was taken then
    """
    started = time.perf_counter()
    batch = read_batch(payload)
    try:
        with transaction.atomic():
            receive(
                source=SOURCE,
                message_id=str(batch.message_id),
                payload_bytes=batch.content,
                apply=lambda: _apply(batch, endpoint, started),
            )
    except MessageIdReused:
        raise BatchInvalid(
            "PAYLOAD_MISMATCH", "This message id was used for another message."
        ) from None
    return _receipt(TokenBatch.objects.get(message_id=batch.message_id))


@sensitive_variables()
def _apply(batch: Batch, endpoint: PrintEndpoint, started: float) -> None:
    sorting.stage(_Lines(batch, endpoint.digest_key))
    row = TokenBatch.objects.create(
        message_id=batch.message_id,
        month=batch.month,
        count=len(batch.lines),
        taken=0,
        known=0,
        rejected=0,
    )
    result = sorting.sort_staged(month=batch.month, batch_id=row.pk)
    row.note_result(
        taken=result.taken, rejects=result.rejects, seconds=time.perf_counter() - started
    )
    recording.record(
        "billing_sync.tokens.received",
        subject=row,
        payload={
            "month": batch.month.isoformat(),
            "count": row.count,
            "taken": row.taken,
            "rejected": row.rejected,
        },
    )
    if result.taken:
        ask_for_letters(row)


def ask_for_letters(batch: TokenBatch) -> None:
    """Have mails written for the invoices that were sorted last, in the caller's transaction."""
    printer = active_printer()
    numbers = sorting.numbers_to_mail() if printer is not None and printer.sends_mail else []
    for first in range(0, len(numbers), LETTERS_AT_ONCE):
        enqueue(
            destination=LETTERS,
            ordering_key=f"batch:{batch.uuid}",
            kind="write-letters",
            payload={
                "batch": str(batch.uuid),
                "month": batch.month.isoformat(),
                "numbers": numbers[first : first + LETTERS_AT_ONCE],
            },
        )


def _receipt(row: TokenBatch) -> bytes:
    return confirmation(
        message_id=row.message_id,
        month=row.month,
        counts={
            "count": row.count,
            "taken": row.taken,
            "known": row.known,
            "rejected": row.rejected,
        },
        rejects=row.answer,
    )
