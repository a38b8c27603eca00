"""
Take what is long done out of the way: the queue's tables stay as small as the queue and a month.

A message that is done, cancelled or replaced goes to the month in which that happened, without its
content; months go as a whole when their time is over. Lanes stay: they say what is done, for those
who wait for it.
"""

from __future__ import annotations

import datetime as dt
import time

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from utilcrm.clock import today
from utilcrm.db import months

TABLE = "events_pastmessage"
_AHEAD = 2
_AT_ONCE = 2000

_RETIRE = """
    WITH old AS MATERIALIZED (
        SELECT d.id FROM events_delivery d
        WHERE d.state IN ('DONE', 'CANCELLED', 'SUPERSEDED') AND d.updated_at < %(before)s
        ORDER BY d.id LIMIT %(at_once)s FOR UPDATE SKIP LOCKED
    ), tries AS (
        DELETE FROM events_attempt a USING old WHERE a.delivery_id = old.id
        RETURNING a.delivery_id, a.id, a.started_at, a.ended_at, a.way, a.outcome, a.code
    ), gone AS (
        DELETE FROM events_delivery d USING old WHERE d.id = old.id RETURNING d.*
    )
    INSERT INTO events_pastmessage (month, uuid, destination, ordering_key, seq, kind, state, label,
        payload_sha256, external_ref, refusal_code, refusal_text, account_uuid, actor_id,
        created_at, done_at, tries)
    SELECT date_trunc('month', g.updated_at AT TIME ZONE 'UTC')::date, g.uuid, g.destination,
        g.ordering_key, g.seq, g.kind, g.state, left(COALESCE(g.payload ->> 'label', ''), 200),
        g.payload_sha256, g.external_ref, g.refusal_code, g.refusal_text, g.account_uuid,
        g.actor_id, g.created_at, g.done_at, COALESCE((
            SELECT jsonb_agg(jsonb_build_object('started_at', t.started_at, 'ended_at', t.ended_at,
                'way', t.way, 'outcome', t.outcome, 'code', t.code) ORDER BY t.id)
            FROM tries t WHERE t.delivery_id = g.id), '[]')
    FROM gone g
"""


def retire(*, budget: float = 120) -> int:
    """
    Move what has been done for longer than ``settings.OUTBOX_KEPT_DAYS`` to the past.

    Some thousands at a time, each in a transaction of its own, for ``budget`` seconds at most;
    the next night goes on.

    :return: how many were moved
    """
    before = timezone.now() - dt.timedelta(days=settings.OUTBOX_KEPT_DAYS)
    deadline = time.monotonic() + budget
    moved = 0
    make_months_for(before)
    while time.monotonic() < deadline:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RETIRE, {"before": before, "at_once": _AT_ONCE})
            moved += cursor.rowcount
            if cursor.rowcount < _AT_ONCE:
                break
    return moved


def make_months_for(before: dt.datetime) -> None:
    """Make the months that what is retired may fall into, and those that come next."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT date_trunc('month', d.updated_at AT TIME ZONE 'UTC')::date"
            " FROM (SELECT updated_at FROM events_delivery WHERE updated_at < %s"
            " AND state IN ('DONE', 'CANCELLED', 'SUPERSEDED') ORDER BY id LIMIT 100000) d",
            [before],
        )
        wanted = {month for (month,) in cursor.fetchall()}
    first = months.first_of(today())
    wanted |= {months.months_from(first, ahead) for ahead in range(-1, _AHEAD + 1)}
    for month in sorted(wanted):
        months.make_month(TABLE, month)


def drop_old_months() -> list[dt.date]:
    """Drop the months older than ``settings.OUTBOX_PAST_MONTHS``; one being read waits a night."""
    end = months.months_from(months.first_of(today()), -settings.OUTBOX_PAST_MONTHS)
    dropped = []
    for month in months.months_of(TABLE):
        try:
            with transaction.atomic():
                if month < end and months.drop_month(TABLE, month):
                    dropped.append(month)
        except OperationalError:
            continue
    return dropped
