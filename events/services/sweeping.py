"""Find what is due although nobody rang."""

from __future__ import annotations

from django.utils import timezone

from events.choices import CircuitState
from events.models import Circuit
from events.services.claiming import has_due, wake_forgotten
from events.services.nudging import nudge
from events.services.routing import all_destinations


def sweep() -> list[str]:
    """Ring for every destination with something due, or due to be probed; return their names."""
    wake_forgotten()
    now = timezone.now()
    away = dict(
        Circuit.objects.filter(state=CircuitState.OPEN).values_list("destination", "probe_at")
    )
    rung = []
    for destination in all_destinations():
        if destination.name in away:
            probe_at = away[destination.name]
            is_due = probe_at is None or probe_at <= now
        else:
            is_due = has_due(destination)
        if is_due:
            nudge(destination=destination)
            rung.append(destination.name)
    return rung
