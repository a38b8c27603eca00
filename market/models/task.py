"""MarketTask: what a person has to do so that the register and we say the same."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.visibility import CustomerQuerySet
from market.choices import TaskKind, TaskStatus
from utilcrm.db.models import Record


class MarketTaskQuerySet(CustomerQuerySet):
    """Tasks about customers that a person may see; those about nobody's point are everybody's."""

    segment_path = "segment"
    vacant_is_visible = True


class MarketTask(Record):
    """One line of the market's work list. `text` says in plain words what is the matter."""

    kind = models.CharField(_("task"), max_length=16, choices=TaskKind.choices)
    status = models.CharField(
        _("status"),
        max_length=4,
        choices=TaskStatus.choices,
        default=TaskStatus.OPEN,
        editable=False,
    )
    text = models.TextField(_("what is the matter"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    pod = models.ForeignKey(
        "premises.PointOfDelivery",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="market_tasks",
    )
    period = models.ForeignKey(
        "market.SupplyPeriod",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
    )
    message = models.ForeignKey(
        "market.RegisterMessage",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
    )
    segment = models.CharField(max_length=12, null=True, blank=True)
    account_uuid = models.UUIDField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="market_tasks",
    )
    note = models.CharField(_("note"), max_length=255, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[MarketTask]] = MarketTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task of the market")
        verbose_name_plural = _("tasks of the market")
        default_permissions = ("view",)
        permissions = [("do_task", "Can do the market's tasks")]
        constraints = [
            models.UniqueConstraint(
                name="market_task_once_a_message",
                fields=["kind", "message"],
                condition=Q(status=TaskStatus.OPEN, message__isnull=False),
            ),
            models.UniqueConstraint(
                name="market_task_once_a_period",
                fields=["kind", "period"],
                condition=Q(status=TaskStatus.OPEN, message__isnull=True, period__isnull=False),
            ),
        ]
        indexes = [
            # market.queries.tasks: the work list, the most urgent first
            models.Index(
                fields=["due_on", "id"],
                name="market_task_open",
                condition=Q(status=TaskStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    # Mutators

    def assign(self, person: User | None) -> None:
        """Say who does it."""
        self.assigned_to = person
        self.save(update_fields=["assigned_to", "updated_at"])

    def mark_done(self, *, note: str, by: User | None, at: dt.datetime) -> None:
        """Note that it is done; `by` is empty where the matter has settled itself."""
        self.status, self.note = TaskStatus.DONE, note[:255]
        self.closed_by, self.closed_at = by, at
        self.save(update_fields=["status", "note", "closed_by", "closed_at", "updated_at"])

    # Properties

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.status == TaskStatus.OPEN
