"""Count anew how often each word is used."""

from __future__ import annotations

from django.db import connection, transaction

_RECOUNT = """
UPDATE identification_word AS word
SET uses = counted.uses
FROM (
  SELECT known.id, coalesce(used.uses, 0) AS uses
  FROM identification_word AS known
  LEFT JOIN (
    SELECT word_id AS id, count(*)::int AS uses
    FROM identification_entry, unnest(words) AS word_id GROUP BY word_id
  ) AS used USING (id)
) AS counted
WHERE word.id = counted.id AND word.uses <> counted.uses
"""


@transaction.atomic
def recount_words() -> int:
    """
    Put the counts of all words right and return how many were wrong.

    Saving an entry leaves a word uncounted when somebody else is just counting it. The counts only
    order guesses, so this may run at night, or never.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT)
        return int(cursor.rowcount)
