"""Alarms."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.choices import TroubleKind
from utilcrm.db.models import Record


class Alarm(Record):
    """
    Something was wrong from ``created_at`` to ``cleared_at``: with the messages of a destination,
    or with what a provider of concerns tells; then ``destination`` is its key.

    Raised and cleared by itself; what it was about stands in ``since`` and ``number``, as they
    were when it was seen last.
    """

    destination = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=TroubleKind.choices)
    since = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        default_permissions = ("view",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["destination", "kind"],
                condition=Q(cleared_at__isnull=True),
                name="alarm_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.kind}"
