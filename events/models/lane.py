"""Lanes."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.choices import LaneState
from utilcrm.db.models import Record


class Lane(Record):
    """
    The order of messages for one ordering key at one destination.

    The head of the lane is the message with ``seq = done_seq + 1``; nothing behind it moves
    before it is finished. A message that needs a person stops only its own lane.
    """

    destination = models.CharField(max_length=40)
    ordering_key = models.CharField(max_length=120)
    last_seq = models.BigIntegerField(default=0)
    done_seq = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=LaneState.choices, default=LaneState.IDLE)
    available_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    # whether the head may have been applied already, so that it is asked about before it is sent
    unknown = models.BooleanField(default=False)
    unknown_since = models.DateTimeField(null=True)
    first_failed_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    blocked_on: Any = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="blocks", db_index=False
    )
    blocked_until_seq = models.BigIntegerField(null=True)
    last_error_class = models.CharField(max_length=12, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["destination", "ordering_key"], name="lane_key"),
            models.CheckConstraint(condition=Q(done_seq__lte=F("last_seq")), name="lane_done"),
            models.CheckConstraint(
                condition=Q(state=LaneState.LEASED) ^ Q(lease_token__isnull=True),
                name="lane_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state=LaneState.BLOCKED) | Q(blocked_on__isnull=False),
                name="lane_blocked_on",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # for claiming what is due
            models.Index(
                fields=["destination", "available_at"],
                name="lane_due",
                condition=Q(state__in=[LaneState.READY, LaneState.WAITING]),
            ),
            # for claiming from a worker that died
            models.Index(
                fields=["destination", "lease_until"],
                name="lane_leased",
                condition=Q(state=LaneState.LEASED),
            ),
            # for waking who waited
            models.Index(
                fields=["blocked_on", "blocked_until_seq"],
                name="lane_blocked",
                condition=Q(state=LaneState.BLOCKED),
            ),
            # events.queries.trouble
            models.Index(
                fields=["destination", "first_failed_at"],
                name="lane_failing",
                condition=Q(first_failed_at__isnull=False),
            ),
            models.Index(
                fields=["destination", "unknown_since"],
                name="lane_unknown",
                condition=Q(unknown_since__isnull=False),
            ),
            # for the list of what needs a person
            models.Index(
                fields=["destination"], name="lane_parked", condition=Q(state=LaneState.PARKED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.ordering_key}"
