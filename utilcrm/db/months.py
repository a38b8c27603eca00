"""
Monthly partitions: made before they are needed, dropped whole when they are old.

A partitioned table belongs to the owner of the database, and its months are made by the functions
``make_month_partition`` and ``drop_month_partition`` of the tenant's schema, which may do that and
nothing else. A partition is named after its table and month: ``billing_sync_invoice_2026_11``.
"""

from __future__ import annotations

import datetime as dt

from utilcrm.db.staging import fetch


def first_of(day: dt.date) -> dt.date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def months_from(month: dt.date, number: int) -> dt.date:
    """Return the first day of the month that lies `number` months later, or earlier if negative."""
    year, at = divmod(month.year * 12 + month.month - 1 + number, 12)
    return dt.date(year, at + 1, 1)


def make_month(table: str, month: dt.date) -> bool:
    """
    Make the partition of a month, unless it is there; return whether it was made.

    :raises django.db.Error: for a month before 1990, or more than two years ahead
    """
    return bool(fetch("SELECT make_month_partition(%s, %s)", [table, month])[0][0])


def drop_month(table: str, month: dt.date) -> bool:
    """
    Drop the partition of a month with all that is in it; return whether there was one.

    :raises django.db.OperationalError: if it is being read for longer than three seconds
    """
    return bool(fetch("SELECT drop_month_partition(%s, %s)", [table, month])[0][0])


def months_of(table: str) -> list[dt.date]:
    """Return the months that a table has partitions for, the oldest first."""
    names = fetch(
        "SELECT right(c.relname, 7) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = %s::regclass ORDER BY 1",
        [table],
    )
    return [dt.date(int(name[:4]), int(name[5:]), 1) for (name,) in names]
