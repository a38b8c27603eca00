"""Work through what is due at one destination."""

from __future__ import annotations

import datetime as dt
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from events.services import circuit, pacing
from events.services.claiming import Claim, claim_next, has_due
from events.services.handling import (
    OUTCOME_UNKNOWN,
    Handler,
    NotApplied,
    Outcome,
    Refused,
    Unknown,
)
from events.services.nudging import nudge
from events.services.routing import Destination, destination_named
from events.services.settling import LeaseLost, settle_attempt
from utilcrm import context
from utilcrm.db.tenancy import current_schema

logger = structlog.get_logger(__name__)

# A fault of our own (a bug, a missing record) is tried this often before a person is asked.
OWN_FAULTS_BEFORE_PARKING = 5

TURN = 5
"""Seconds after which a worker goes on to whoever rang next: a tenant's queue is nobody's wall."""


def drain(destination_name: str, *, budget: float = 20) -> int:
    """
    Deliver what is due at a destination until nothing is, or ``budget`` seconds have passed.

    Any number of workers may drain at the same time; no more than ``Destination.parallel`` of
    them work for one tenant, so that a slow destination does not take every worker.

    :return: the number of attempts made
    """
    destination = destination_named(destination_name)
    deadline = time.monotonic() + budget
    attempts = 0
    while time.monotonic() < deadline:
        with _slot(destination) as has_slot:
            if not has_slot:
                return attempts
            attempts += _drain_slot(destination, deadline)
        # Whoever found all slots taken went home; what it came for is looked for once more.
        if not has_due(destination) or circuit.is_open(destination):
            return attempts
    # Out of time with work left: let a worker go on at once, and others come between.
    nudge(destination=destination)
    return attempts


def _drain_slot(destination: Destination, deadline: float) -> int:
    attempts = 0
    rate = None if destination.local else destination.make_handler().rate()
    while time.monotonic() < deadline:
        if circuit.is_open(destination) and not _answers_again(destination):
            return attempts
        claim = claim_next(destination, until=deadline)
        if claim is None:
            return attempts
        if destination.local and not attempts:
            circuit.note_work(destination)
        if rate:
            pacing.await_turn(destination, rate=rate)
        attempt(claim, destination=destination)
        attempts += 1
    return attempts


def attempt(claim: Claim, *, destination: Destination) -> Outcome | None:
    """Make one attempt under a lease and write what came of it; ``None`` if the lease was lost."""
    trial = _Trial(
        claim=claim,
        destination=destination,
        handler=destination.make_handler(),
        way="QUERY" if claim.unknown and not destination.local else "DELIVER",
        started_at=timezone.now(),
    )
    circumstances = context.acting(
        actor_id=claim.delivery.actor_id, interaction_uuid=claim.delivery.interaction_uuid
    )
    try:
        with circumstances:
            return trial.run_local() if destination.local else trial.run_remote()
    except LeaseLost:
        logger.info("lease_lost", delivery=str(claim.delivery.uuid))
    except Exception as exc:
        # One bad message must not stop the others; it is parked after a few tries.
        logger.exception("attempt_failed", delivery=str(claim.delivery.uuid))
        with suppress(LeaseLost):
            return trial.settle_own_fault(exc)
    return None


@dataclass
class _Trial:
    """One attempt in the making."""

    claim: Claim
    destination: Destination
    handler: Handler
    way: str
    started_at: dt.datetime
    # what the other side said, once it did
    answer: Outcome | None = None

    def run_local(self) -> Outcome:
        """Work inside the finishing transaction: done and noted, or neither."""
        with transaction.atomic():
            outcome = self.handler.deliver(self.claim.envelope())
            if not isinstance(outcome, NotApplied | Unknown):
                return self._settle(outcome)
            transaction.set_rollback(True)
        return self._settle(outcome)

    def run_remote(self) -> Outcome:
        """Talk to the other side outside any transaction, then note what it said."""
        call = self.handler.query if self.way == "QUERY" else self.handler.deliver
        outcome = call(self.claim.envelope())
        circuit.note_outcome(self.destination, outcome)
        self.answer = outcome
        return self._settle(outcome)

    def settle_own_fault(self, exc: Exception) -> Outcome:
        """Note a fault on our side: tried again a few times, then left to a person."""
        reason = f"{type(exc).__name__}: {exc}"
        worn_out = self.claim.attempts + 1 >= OWN_FAULTS_BEFORE_PARKING
        outcome: Outcome
        # a database that is away comes back; one that refuses what we write will go on refusing
        if worn_out and not isinstance(exc, OperationalError | InterfaceError):
            code = "INTERNAL" if self.destination.local else OUTCOME_UNKNOWN
            outcome = Refused(code=code, field="", text=reason)
        elif self.destination.local:
            outcome = NotApplied(reason)
        elif self.answer is None:
            outcome = Unknown(reason)
        else:
            # The other side answered and only our writing of it failed: ask again.
            outcome = Unknown(f"answer could not be written: {reason}")
        # the handler is the likely culprit, and is left out
        self.handler = Handler()
        return self._settle(outcome)

    def _settle(self, outcome: Outcome) -> Outcome:
        settle_attempt(
            self.claim,
            outcome,
            destination=self.destination,
            handler=self.handler,
            started_at=self.started_at,
            way=self.way,
        )
        return outcome


def _answers_again(destination: Destination) -> bool:
    if not circuit.take_probe(destination):
        return False
    if destination.make_handler().probe():
        circuit.note_success(destination)
        return True
    return False


@contextmanager
def _slot(destination: Destination) -> Iterator[bool]:
    """Hold one of the destination's places of this tenant; a killed worker frees its own."""
    schema = current_schema()
    base = zlib.crc32(f"{schema}:{destination.name}".encode()) - 2**31
    with connection.cursor() as cursor:
        for place in range(destination.parallel):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [base, place])
            if cursor.fetchone()[0]:
                break
        else:
            yield False
            return
    try:
        yield True
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [base, place])
