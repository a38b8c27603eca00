"""Rows of the market's screens, as far as a person may see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateField, QuerySet, Value
from django.db.models.functions import Coalesce

from access.models import User
from market.choices import TaskStatus
from market.models import DisconnectionOrder, MarketTask, RegisterMessage, SupplyPeriod

_SOME_DAY = dt.date(9999, 1, 1)


def open_tasks(user: User) -> QuerySet[Any]:
    """Return what is to be done, with `urgency`: the day it is due, or one far ahead."""
    rows: QuerySet[MarketTask] = MarketTask.objects.visible_to(user)
    return (
        rows.filter(status=TaskStatus.OPEN)
        .annotate(urgency=Coalesce("due_on", Value(_SOME_DAY), output_field=DateField()))
        .select_related("pod", "period__account", "period__contract", "message", "assigned_to")
    )


def periods(user: User) -> QuerySet[SupplyPeriod]:
    """Return periods of supply with whose they are and where."""
    rows: QuerySet[SupplyPeriod] = SupplyPeriod.objects.visible_to(user)
    return rows.select_related("account", "contract", "pod__premise__connection_object")


def messages(user: User) -> QuerySet[RegisterMessage]:
    """Return messages without what was on the wire."""
    rows: QuerySet[RegisterMessage] = RegisterMessage.objects.visible_to(user)
    return rows.select_related("pod", "period__account").defer("raw")


def of_point(rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
    """Keep rows about one point of delivery, by its identifier however it is typed."""
    return rows.filter(pod__external_id="".join(typed.split()).upper())


def disconnections(user: User) -> QuerySet[DisconnectionOrder]:
    """Return disconnections with whose they are and where."""
    rows: QuerySet[DisconnectionOrder] = DisconnectionOrder.objects.visible_to(user)
    return rows.select_related("account", "contract", "pod__premise__connection_object")
