"""What a page costs does not depend on how many customers there are."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from billing_sync.services.following.watching import WATCHES
from utilcrm import clock

# from a hundred on PostgreSQL does not look at each, and needs to be told that none is empty
KEYS = [f"{number:010d}" for number in range(300)]


@pytest.mark.django_db
@pytest.mark.parametrize("object_type", sorted(WATCHES))
def test_records_are_found_by_the_index_of_their_erp_numbers(object_type: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN {WATCHES[object_type].statement}", {"keys": KEYS, "today": clock.today()}
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())

    table = WATCHES[object_type].model._meta.db_table
    assert f"Seq Scan on {table} t" not in plan
