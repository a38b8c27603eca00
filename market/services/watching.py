"""Answers that the register owes us."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import ExpressionWrapper, F
from django.db.models.fields import DurationField
from django.utils.translation import gettext as _

from market.choices import UNANSWERED, TaskKind
from market.models import RegisterMessage
from market.queries import active_endpoint
from market.services.tasking import open_task
from utilcrm import clock

_AT_ONCE = 200


def watch_deadlines() -> int:
    """
    Put on the work list what has used up half of its time for an answer; return how many.

    The same message is put there once, also after somebody has dealt with it.
    """
    if active_endpoint() is None:
        return 0
    now = clock.now()
    half = ExpressionWrapper((F("deadline_at") - F("at")) / 2, output_field=DurationField())
    late = (
        RegisterMessage.objects.filter(status__in=UNANSWERED, deadline_at__isnull=False)
        .filter(deadline_at__lte=now + half)
        .exclude(tasks__kind=TaskKind.OVERDUE)
        .select_related("period__account", "pod")
        .order_by("deadline_at")[:_AT_ONCE]
    )
    return sum(_remind(message, now) for message in late)


@transaction.atomic
def _remind(message: RegisterMessage, now: dt.datetime) -> bool:
    text = _("%(message)s: the register has not answered yet.")
    open_task(
        TaskKind.OVERDUE,
        text=text % {"message": message.get_kind_display()},
        message=message,
        period=message.period,
        due_on=clock.local_date(message.deadline_at) if message.deadline_at else None,
    )
    return True
