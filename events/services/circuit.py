"""The circuit breaker of a destination: while it is away nobody calls, and no attempt burns."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from events.choices import AttemptOutcome, CircuitState, LaneState
from events.models import Circuit, Lane
from events.services.handling import NotApplied, Outcome, Unknown
from events.services.routing import Destination, seconds

_LONGEST_PAUSE = dt.timedelta(seconds=30)


def is_open(destination: Destination) -> bool:
    """Say whether the destination is taken to be away."""
    return Circuit.objects.filter(destination=destination.name, state=CircuitState.OPEN).exists()


def take_probe(destination: Destination) -> bool:
    """
    Claim the right to try the destination now; one worker gets it per probing interval.

    Who has been away for long is tried less often, never less than twice a minute: a probe into
    a black hole keeps a worker busy for seconds, and every tenant's destinations are probed.
    """
    now = timezone.now()
    due = Circuit.objects.filter(
        destination=destination.name, state=CircuitState.OPEN, probe_at__lte=now
    )
    circuit = due.first()
    if circuit is None:
        return False
    away_for = now - (circuit.away_since or now)
    pause = max(seconds(destination.probe_every), min(away_for / 20, _LONGEST_PAUSE))
    return due.update(probe_at=now + pause) == 1


def note_work(destination: Destination) -> None:
    """Note that somebody works here, at most once in ten seconds; what is remote notes answers."""
    recently = timezone.now() - seconds(10)
    if not Circuit.objects.filter(destination=destination.name, updated_at__gt=recently).exists():
        Circuit.objects.update_or_create(destination=destination.name)


def note_outcome(destination: Destination, outcome: Outcome) -> None:
    """Count what an attempt says about the destination being reachable."""
    if isinstance(outcome, Unknown) or (isinstance(outcome, NotApplied) and not outcome.reached):
        note_failure(destination, outcome.reason)
    else:
        note_success(destination)


@transaction.atomic
def note_failure(destination: Destination, reason: str) -> None:
    """Count a failure; enough of them in a row open the circuit."""
    circuit = _locked(destination)
    now = timezone.now()
    circuit.failures += 1
    circuit.last_error = reason
    circuit.away_since = circuit.away_since or now
    if circuit.failures >= destination.failures_to_open and not circuit.is_open:
        circuit.state = CircuitState.OPEN
        circuit.probe_at = now + seconds(destination.probe_every)
    circuit.save()


def note_success(destination: Destination) -> None:
    """Note that the destination answered; if it was away, make due what it kept waiting."""
    now = timezone.now()
    # the common case writes at most once in ten seconds
    fresh = Circuit.objects.filter(
        destination=destination.name,
        state=CircuitState.CLOSED,
        failures=0,
        last_ok_at__gt=now - seconds(10),
    )
    if fresh.exists():
        return
    with transaction.atomic():
        circuit = _locked(destination)
        was_open = circuit.is_open
        circuit.state = CircuitState.CLOSED
        circuit.failures = 0
        circuit.away_since = None
        circuit.probe_at = None
        circuit.last_ok_at = now
        circuit.last_error = ""
        circuit.save()
        if was_open:
            Lane.objects.filter(
                destination=destination.name,
                state=LaneState.READY,
                available_at__gt=now,
                last_error_class=AttemptOutcome.NOT_APPLIED,
            ).update(available_at=now, attempts=0)


def _locked(destination: Destination) -> Circuit:
    Circuit.objects.get_or_create(destination=destination.name)
    return Circuit.objects.select_for_update().get(destination=destination.name)
