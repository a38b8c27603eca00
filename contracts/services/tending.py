"""What is done for requests to sign as time goes by: reminders, and the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Q
from django.utils import timezone

from contracts.choices import SignatureStatus
from contracts.models import SignatureRequest
from contracts.services.requesting import RequestNotOpen, expire, remind
from tenants.queries import current_profile

_AT_ONCE = 500


def expire_requests(*, now: dt.datetime | None = None) -> int:
    """Close the requests whose time has run out; return how many."""
    now = now or timezone.now()
    due = SignatureRequest.objects.filter(
        status__in=[SignatureStatus.CREATED, SignatureStatus.SENT, SignatureStatus.OPENED],
        expires_at__lte=now,
    ).order_by("expires_at")[:_AT_ONCE]
    return sum(_try(expire, request) for request in due)


def remind_customers(*, now: dt.datetime | None = None) -> int:
    """
    Remind those who have not signed, on the days after sending that the tenant has set.

    At most one reminder a run and request: after an outage nobody gets three at once.
    """
    now = now or timezone.now()
    days = sorted(int(day) for day in current_profile().signature_reminder_days)
    due = Q()
    for done, day in enumerate(days):
        due |= Q(reminders_sent=done, sent_at__lte=now - dt.timedelta(days=day))
    if not due:
        return 0
    requests = (
        SignatureRequest.objects.filter(
            due, status__in=[SignatureStatus.SENT, SignatureStatus.OPENED], expires_at__gt=now
        )
        .exclude(last_reminder_at__gt=now - dt.timedelta(hours=20))
        .order_by("pk")[:_AT_ONCE]
    )
    return sum(_try(remind, request) for request in requests)


def _try(doing: Callable[..., object], request: SignatureRequest) -> int:
    """Do it unless the customer was quicker."""
    try:
        doing(request=request)
    except RequestNotOpen:
        return 0
    return 1
