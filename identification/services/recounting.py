"""Count anew how often each word is used."""

from __future__ import annotations

from django.db import connection, transaction

_RECOUNT = """
UPDATE identification_word AS word
SET uses = counted.uses
FROM (
  SELECT known.id, coalesce(used.uses, 1) AS uses
  FROM identification_word AS known
  LEFT JOIN (
    SELECT word_id AS id, count(*)::int AS uses
    FROM identification_entry, unnest(words) AS word_id GROUP BY word_id
  ) AS used USING (id)
) AS counted
WHERE word.id = counted.id
  AND greatest(word.uses, 1) NOT BETWEEN counted.uses / 2.0 AND counted.uses * 2
"""


@transaction.atomic
def recount_words() -> int:
    """
    Put right the counts that are off by more than half, and return how many were.

    A word is counted when it is new, and not again whenever somebody uses it: everybody uses
    "London". The counts only order guesses, so this runs at night.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT)
        return int(cursor.rowcount)
