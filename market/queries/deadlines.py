"""Answers that the register owes us, and what we owe the register."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from market.choices import UNANSWERED, TaskStatus
from market.models import MarketTask, RegisterMessage
from utilcrm.deadlines import Deadline, Source


class RegisterAnswers(Source):
    """Messages of ours that the register has not answered: a claim within 24 hours, say."""

    key = "market.answer"
    label = _("Answers of the register")
    permission = "market.view_registermessage"
    icon = "delivery"
    due = "deadline_at"

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return what waits for its answer."""
        rows: QuerySet[RegisterMessage] = RegisterMessage.objects.visible_to(user)
        return rows.filter(status__in=UNANSWERED, deadline_at__isnull=False)

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch the customer; what was on the wire stays there."""
        return rows.select_related("period__account").defer("raw")

    def describe(self, row: RegisterMessage) -> Deadline:
        """Say which message waits."""
        account = row.period.account if row.period else None
        due_at = self.due_of(row)
        return Deadline(
            source=self.key,
            id=row.pk,
            due_at=due_at,
            what=row.get_kind_display(),
            about=_("Answer of the register"),
            page=("market:message", row.uuid),
            customer=account.name if account else "",
            customer_uuid=account.uuid if account else None,
            # half of the time is when it is put on the market's work list
            warn_at=row.at + (due_at - row.at) / 2,
        )


class MarketTasks(Source):
    """What a person has to do so that the register and we say the same."""

    key = "market.task"
    label = _("Market tasks")
    permission = "market.do_task"
    icon = "warning"
    due = "due_on"
    is_day = True
    owner = "assigned_to"

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return open tasks that have a day."""
        rows: QuerySet[MarketTask] = MarketTask.objects.visible_to(user)
        return rows.filter(status=TaskStatus.OPEN, due_on__isnull=False)

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch customer and owner."""
        return rows.select_related("period__account", "assigned_to")

    def describe(self, row: MarketTask) -> Deadline:
        """Say what is the matter."""
        account = row.period.account if row.period else None
        return Deadline(
            source=self.key,
            id=row.pk,
            due_at=self.due_of(row),
            what=row.get_kind_display(),
            about=row.text,
            page=("market:task_done", row.uuid),
            customer=account.name if account else "",
            customer_uuid=account.uuid if account else None,
            owner=str(row.assigned_to or ""),
        )
