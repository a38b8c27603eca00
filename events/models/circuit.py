"""Reachability of destinations."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.choices import CircuitState
from utilcrm.db.models import Record


class Circuit(Record):
    """
    Whether one destination of this tenant can be reached.

    Kept in PostgreSQL, beside the queue it guards, so that all workers agree and a lost Redis
    changes nothing.
    """

    destination = models.CharField(max_length=40)
    state = models.CharField(
        max_length=6, choices=CircuitState.choices, default=CircuitState.CLOSED
    )
    failures = models.PositiveIntegerField(default=0)
    away_since = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    # the agreed rate: before this moment nobody calls
    next_call_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reachability")
        verbose_name_plural = _("reachabilities")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["destination"], name="circuit_destination"),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether the destination is taken to be away."""
        return self.state == CircuitState.OPEN
