"""
Forget what nobody can send again: used form tokens, and the ids of messages that came in.

Both grow with every form and every message for as long as a tenant lives. Of each object the
newest version that was applied stays, whatever its age: an older one must never be taken after it.
"""

from __future__ import annotations

import datetime as dt
import time

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

_AT_ONCE = 5000

_TOKENS = """
    WITH eldest AS MATERIALIZED (
        SELECT id, created_at FROM events_submission WHERE id > %(after)s ORDER BY id LIMIT %(n)s
    ), gone AS (
        DELETE FROM events_submission s USING eldest e
        WHERE s.id = e.id AND e.created_at < %(before)s RETURNING 1
    )
    SELECT count(*), max(id), bool_and(created_at < %(before)s), (SELECT count(*) FROM gone)
    FROM eldest
"""

_MESSAGES = """
    WITH eldest AS MATERIALIZED (
        SELECT id, created_at FROM events_inboxmessage WHERE id > %(after)s ORDER BY id LIMIT %(n)s
    ), gone AS (
        DELETE FROM events_inboxmessage m USING eldest e
        WHERE m.id = e.id AND e.created_at < %(before)s AND (
            m.object_version IS NULL OR m.state <> 'APPLIED' OR EXISTS (
                SELECT FROM events_inboxmessage newer
                WHERE newer.source = m.source AND newer.object_key = m.object_key
                    AND newer.state = 'APPLIED' AND newer.object_version > m.object_version
            )
        ) RETURNING 1
    )
    SELECT count(*), max(id), bool_and(created_at < %(before)s), (SELECT count(*) FROM gone)
    FROM eldest
"""


def forget_submissions(*, budget: float = 60) -> int:
    """Forget the tokens of forms older than ``settings.SUBMISSION_KEPT_DAYS``; return how many."""
    return _forget(_TOKENS, days=settings.SUBMISSION_KEPT_DAYS, budget=budget)


def forget_inbox(*, budget: float = 60) -> int:
    """Forget ids of messages older than ``settings.INBOX_KEPT_DAYS``; return how many."""
    return _forget(_MESSAGES, days=settings.INBOX_KEPT_DAYS, budget=budget)


def _forget(statement: str, *, days: int, budget: float) -> int:
    before = timezone.now() - dt.timedelta(days=days)
    deadline = time.monotonic() + budget
    after = forgotten = 0
    while time.monotonic() < deadline:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"after": after, "before": before, "n": _AT_ONCE})
            seen, last, all_old, gone = cursor.fetchone()
        forgotten += gone
        if seen < _AT_ONCE or not all_old:
            break
        after = last
    return forgotten
