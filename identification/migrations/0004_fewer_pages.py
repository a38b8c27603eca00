"""
Look-ups that read fewer pages: what is not in memory costs a read of the disk each.

A list of slips is looked up as one sorted list, which visits a page of the index once, instead of
one by one from its root. The last digits beside a name that thousands have are found by the digits
first; whose name fits is then told by two indexes, without reading the entries of the others.
"""

from importlib import import_module

from django.db import migrations

NEAR = """
CREATE OR REPLACE FUNCTION identification_near(p_typed text, p_segments text[], p_begun boolean, p_width int)
RETURNS TABLE (id bigint, cost int, named boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20 AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY (
    SELECT near.id, near.cost, near.field IN ('NAME', 'ORGANISATION')
    FROM (
      SELECT word.id, word.uses, word.field, CASE
        WHEN word.text = ANY (typed.swaps) THEN 1
        ELSE levenshtein_less_equal(p_typed, word.text, 2) END AS cost
      FROM (
        SELECT identification_deletions(p_typed) AS deletions, identification_swaps(p_typed) AS swaps
        OFFSET 0
      ) AS typed
      CROSS JOIN LATERAL (
        SELECT * FROM identification_word AS o
        WHERE o.deletions && typed.deletions AND o.text <> p_typed
          AND (p_segments IS NULL OR o.segment = ANY (p_segments)) OFFSET 0
      ) AS word
      OFFSET 0
    ) AS near
    WHERE near.cost < CASE WHEN length(p_typed) > 7 THEN 3 ELSE 2 END
    ORDER BY near.cost, near.uses DESC
    LIMIT p_width
  )
  UNION ALL
  (
    SELECT word.id, 1, false
    FROM (
      SELECT * FROM identification_word AS o
      WHERE o.text = ANY (ARRAY(
          SELECT identification_slips(p_typed, CASE
            WHEN p_typed ~ '[a-z]' THEN '0123456789abcdefghijklmnopqrstuvwxyz'
            ELSE '0123456789' END)
          WHERE p_typed ~ '[0-9]'))
        AND o.field = 'POSTCODE' AND (p_segments IS NULL OR o.segment = ANY (p_segments)) OFFSET 0
    ) AS word
    WHERE word.text <> p_typed
    LIMIT p_width
  )
  UNION ALL
  (
    SELECT word.id, 1, word.field IN ('NAME', 'ORGANISATION')
    FROM identification_word AS word
    WHERE p_begun AND length(p_typed) > 2
      AND word.text > p_typed AND word.text < p_typed || chr(1114111)
      AND (p_segments IS NULL OR word.segment = ANY (p_segments))
    ORDER BY word.uses DESC
    LIMIT p_width
  );
END $$
"""

# Those of some entries that have a word of every group. Both are looked up in an index, and only the
# entries that are in both answers are read.
AMONG = """
CREATE FUNCTION identification_among(p_ids bigint[], p_groups text[], p_kinds text[])
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 20 SET enable_indexscan = off AS $$
DECLARE
  v_wanted text := '';
BEGIN
  FOR i IN 1 .. cardinality(p_groups) LOOP
    v_wanted := v_wanted || format(' AND words && %L::bigint[]', p_groups[i]);
  END LOOP;
  RETURN QUERY EXECUTE
    'SELECT id FROM identification_entry WHERE id = ANY ($1) AND ($2 IS NULL OR kind = ANY ($2))'
    || v_wanted
    USING p_ids, p_kinds;
END $$
"""

# Identifiers that end with one of some texts, of entries that have a word of every group beside.
# Without any group also those that only begin with it.
ENDED = """
CREATE FUNCTION identification_ended(
  p_typed text[], p_groups text[], p_segments text[], p_kinds text[], p_limit int)
RETURNS TABLE (identifier bigint, entry_id bigint)
LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  v_few CONSTANT int := 100;
  v_uses bigint; v_having bigint[]; v_identifiers bigint[]; v_entries bigint[];
BEGIN
  IF cardinality(p_groups) = 0 THEN
    RETURN QUERY
    SELECT i.id, i.entry_id
    FROM unnest(p_typed) AS c (typed)
    CROSS JOIN LATERAL (
      (SELECT x.id, x.entry_id FROM identification_identifier AS x
       CROSS JOIN LATERAL (
         SELECT * FROM identification_entry AS o
         WHERE o.id = x.entry_id AND (p_segments IS NULL OR o.segment = ANY (p_segments))
           AND (p_kinds IS NULL OR o.kind = ANY (p_kinds)) OFFSET 0
       ) AS e
       WHERE reverse(x.value) >= reverse(c.typed) AND reverse(x.value) < reverse(c.typed) || chr(1114111)
       LIMIT p_limit)
      UNION ALL
      (SELECT x.id, x.entry_id FROM identification_identifier AS x
       CROSS JOIN LATERAL (
         SELECT * FROM identification_entry AS o
         WHERE o.id = x.entry_id AND (p_segments IS NULL OR o.segment = ANY (p_segments))
           AND (p_kinds IS NULL OR o.kind = ANY (p_kinds)) OFFSET 0
       ) AS e
       WHERE x.value > c.typed AND x.value < c.typed || chr(1114111)
       LIMIT p_limit)
    ) AS i;
    RETURN;
  END IF;

  IF array_position(p_groups, NULL) IS NOT NULL THEN
    RETURN;
  END IF;
  -- The counts of words are rough: what they call few may be many, and is then looked for as such.
  SELECT min(g.uses) INTO v_uses
  FROM unnest(p_groups) AS wanted (words) CROSS JOIN LATERAL (
    SELECT sum(o.uses) AS uses FROM identification_word AS o
    WHERE o.id = ANY (wanted.words::bigint[])
  ) AS g;
  IF v_uses < v_few THEN
    v_having := ARRAY(SELECT identification_having(p_groups, p_kinds, v_few));
  END IF;
  IF cardinality(v_having) < v_few THEN
    RETURN QUERY
    SELECT x.id, x.entry_id
    FROM unnest(v_having) AS e (id)
    CROSS JOIN LATERAL (
      SELECT * FROM identification_identifier AS o WHERE o.entry_id = e.id OFFSET 0
    ) AS x
    WHERE EXISTS (SELECT FROM unnest(p_typed) AS c (typed) WHERE right(x.value, length(typed)) = typed)
    LIMIT p_limit;
    RETURN;
  END IF;

  SELECT array_agg(x.id), array_agg(x.entry_id) INTO v_identifiers, v_entries
  FROM unnest(p_typed) AS c (typed)
  CROSS JOIN LATERAL (
    SELECT o.id, o.entry_id FROM identification_identifier AS o
    WHERE reverse(o.value) >= reverse(c.typed) AND reverse(o.value) < reverse(c.typed) || chr(1114111)
    LIMIT 5000
  ) AS x;
  RETURN QUERY
  SELECT x.id, x.entry_id
  FROM unnest(v_identifiers, v_entries) AS x (id, entry_id)
  WHERE x.entry_id = ANY (ARRAY(SELECT identification_among(v_entries, p_groups, p_kinds)))
  LIMIT p_limit;
END $$
"""

_NEAR_BEFORE = import_module("identification.migrations.0002_search_functions").NEAR.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("identification", "0003_search")]

    operations = [
        migrations.RunSQL(NEAR, _NEAR_BEFORE),
        migrations.RunSQL(AMONG, "DROP FUNCTION identification_among"),
        migrations.RunSQL(ENDED, "DROP FUNCTION identification_ended"),
    ]
