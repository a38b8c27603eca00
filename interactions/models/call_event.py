"""What was told of a call."""

from __future__ import annotations

from django.db import models

from access.visibility import customer_queryset
from interactions.choices.work import CallEventKind, CallEventSource
from interactions.models.call import Call

CallEventQuerySet = customer_queryset("call__interaction__account__segment", vacant=True)


class CallEvent(models.Model):
    """
    One event of a call, stored once; the call is computed from all of its events.

    `sequence` is the telephone system's own numbering within the call; None if it does not number.
    """

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events")
    source = models.CharField(
        max_length=9, choices=CallEventSource.choices, default=CallEventSource.TELEPHONE
    )
    kind = models.CharField(max_length=11, choices=CallEventKind.choices)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    extension = models.CharField(max_length=20, blank=True)
    queue = models.CharField(max_length=40, blank=True)

    objects = CallEventQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["call", "id"], name="interactions_events_of_call")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M:%S}"
