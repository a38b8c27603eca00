"""Documents that went to and came from the register are kept for some months, and then no more."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from market.choices import OPEN_DISCONNECTION, UNANSWERED, TaskStatus

_AT_ONCE = 1000

# Open is what still waits for an answer, what somebody has to look at, and a customer without
# energy. What a message says stays in any case: only the document goes.
_IS_OPEN = """
    m.status = ANY(%(unanswered)s)
    OR EXISTS (SELECT 1 FROM market_markettask t WHERE t.status = %(open)s
               AND (t.message_id = m.id OR t.period_id = m.period_id))
    OR EXISTS (SELECT 1 FROM market_disconnectionorder o WHERE o.id = m.order_id
               AND o.status = ANY(%(uncut)s))
"""
_FORGET_RECEIVED = """
    UPDATE market_registermessage SET raw = '', updated_at = now() WHERE id IN (
        SELECT m.id FROM market_registermessage m
        WHERE m.raw <> '' AND m.at < %(before)s AND NOT (IS_OPEN)
        ORDER BY m.at LIMIT %(at_once)s FOR UPDATE OF m SKIP LOCKED
    )
"""
_FORGET_SENT = """
    DELETE FROM market_sentdocument WHERE id IN (
        SELECT d.id FROM market_sentdocument d JOIN market_registermessage m ON m.id = d.message_id
        WHERE d.last_tried_at < %(before)s AND NOT (IS_OPEN)
        ORDER BY d.last_tried_at LIMIT %(at_once)s FOR UPDATE OF d SKIP LOCKED
    )
"""


def forget_documents(*, budget: float = 120) -> int:
    """
    Let go of the documents that are older than ``settings.REGISTER_DOCUMENT_MONTHS``.

    A thousand at a time, each in a transaction of its own, for ``budget`` seconds at most; the
    next night goes on. What is open is kept.

    :return: how many documents went
    """
    deadline = time.monotonic() + budget
    facts = {
        "before": _months_ago(timezone.now(), settings.REGISTER_DOCUMENT_MONTHS),
        "at_once": _AT_ONCE,
        "unanswered": sorted(UNANSWERED),
        "open": TaskStatus.OPEN,
        "uncut": sorted(OPEN_DISCONNECTION),
    }
    return sum(_forget(sql, facts, deadline) for sql in (_FORGET_RECEIVED, _FORGET_SENT))


def _forget(sql: str, facts: dict[str, Any], deadline: float) -> int:
    gone = 0
    while time.monotonic() < deadline:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.replace("IS_OPEN", _IS_OPEN), facts)
            gone += cursor.rowcount
            if cursor.rowcount < _AT_ONCE:
                break
    return gone


def _months_ago(moment: dt.datetime, number: int) -> dt.datetime:
    """Return the first moment of the month that lies so many months back, in UTC."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - number, 12)
    return dt.datetime(year, month + 1, 1, tzinfo=dt.UTC)
