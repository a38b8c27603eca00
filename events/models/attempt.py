"""Attempts to deliver."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.choices import AttemptOutcome, AttemptWay
from utilcrm.db.models import Record


class Attempt(Record):
    """One attempt to deliver (or to ask about) a message, append-only; bodies are not kept."""

    delivery = models.ForeignKey("events.Delivery", on_delete=models.CASCADE, related_name="tries")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=AttemptWay.choices)
    outcome = models.CharField(max_length=12, choices=AttemptOutcome.choices)
    code = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes: ClassVar[list[models.Index]] = []

    def __str__(self) -> str:
        return f"{self.way} {self.outcome}"
