"""
What the search is made of, as functions of the tenant's schema.

No name in them carries a schema: they read the tables of whoever's search path they run under, and
have its rights. Whatever names a table is PL/pgSQL, which looks at names only when it runs: a
tenant is made by cloning a schema, functions before tables. How the search works, and what it was
measured against, is told in docs/decisions/0003-identification-search.md.
"""

from django.db import migrations

# A word, and what is left of it without any one of its letters.
DELETIONS = """
CREATE FUNCTION identification_deletions(p_word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT left_over COLLATE "C")
  FROM (
    SELECT overlay(p_word PLACING '' FROM i FOR 1) AS left_over
    FROM generate_series(1, length(p_word)) AS i
    UNION ALL SELECT p_word
  ) AS deleted
$$
"""

# A word with two neighbouring letters in the wrong order: one slip, which Levenshtein counts as two.
SWAPS = """
CREATE FUNCTION identification_swaps(p_word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(
    overlay(p_word PLACING substr(p_word, i + 1, 1) || substr(p_word, i, 1) FROM i FOR 2)
    COLLATE "C")
  FROM generate_series(1, length(p_word) - 1) AS i
$$
"""

# Everything that is one slip away, for values that have no vocabulary. Among digits a slip is
# another digit or a letter that looks like one; beside letters it may be anything.
SLIPS = """
CREATE FUNCTION identification_slips(p_typed text, p_signs text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 400 AS $$
  WITH place AS (
    SELECT i, strpos('0123456789', substr(p_typed, i, 1)) > 0 AS is_digit,
      i > 1 AND strpos('0123456789', substr(p_typed, i - 1, 1)) > 0 AS follows_digit
    FROM generate_series(1, length(p_typed)) AS i
  ), sign AS (
    SELECT s, strpos('0123456789', s) > 0 AS is_digit, strpos('BDGILOQSZ', upper(s)) > 0 AS is_alike
    FROM (SELECT substr(p_signs, j, 1) AS s FROM generate_series(1, length(p_signs)) AS j) AS signs
  )
  SELECT overlay(p_typed PLACING '' FROM i FOR 1) FROM place
  UNION ALL
  SELECT overlay(p_typed PLACING substr(p_typed, i + 1, 1) || substr(p_typed, i, 1) FROM i FOR 2)
  FROM place WHERE i < length(p_typed)
  UNION ALL
  SELECT overlay(p_typed PLACING s FROM i FOR 1) FROM place JOIN sign
    ON sign.is_digit OR sign.is_alike OR NOT place.is_digit
  UNION ALL
  SELECT overlay(p_typed PLACING s FROM i FOR 0) FROM place JOIN sign
    ON sign.is_digit OR NOT (place.is_digit AND place.follows_digit)
  UNION ALL SELECT p_typed || s FROM sign
$$
"""

# Entries that have a word of every group. The planner has to see the groups themselves: whether
# a group holds a rare word or a common one decides the order in which the index is read.
HAVING = """
CREATE FUNCTION identification_having(p_groups text[], p_kinds text[], p_limit int)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  v_wanted text := '';
BEGIN
  IF p_groups IS NULL OR array_position(p_groups, NULL) IS NOT NULL THEN
    RETURN;
  END IF;
  FOR i IN 1 .. cardinality(p_groups) LOOP
    v_wanted := v_wanted || format(' AND words && %L::bigint[]', p_groups[i]);
  END LOOP;
  RETURN QUERY EXECUTE
    'SELECT id FROM identification_entry WHERE ($1 IS NULL OR kind = ANY ($1))'
    || v_wanted || ' LIMIT $2'
    USING p_kinds, p_limit;
END $$
"""

# Words one slip away from what was typed, or two from a long one; the more frequent first. With a
# digit in it, it is a postcode, of which every slip is tried.
# Where the word may be unfinished, also those that it begins.
NEAR = """
CREATE FUNCTION identification_near(p_typed text, p_segments text[], p_begun boolean, p_width int)
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
    FROM identification_slips(p_typed, CASE
      WHEN p_typed ~ '[a-z]' THEN '0123456789abcdefghijklmnopqrstuvwxyz' ELSE '0123456789' END) AS slip
    CROSS JOIN LATERAL (
      SELECT * FROM identification_word AS o
      WHERE o.text = slip AND o.field = 'POSTCODE'
        AND (p_segments IS NULL OR o.segment = ANY (p_segments)) OFFSET 0
    ) AS word
    WHERE p_typed ~ '[0-9]' AND word.text <> p_typed
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


# The entries found, the best tier of each, what was matched; sorted, and cut off.
RANKED = """
CREATE FUNCTION identification_ranked(
  p_found bigint[], p_tiers int[], p_by bigint[],              -- entries, and by which identifier
  p_ids bigint[], p_slots int[], p_costs int[], p_named boolean[],  -- words that were looked for
  p_limit int
)
RETURNS TABLE (
  entry_id bigint, tier int, identifiers bigint[], fields text[], texts text[], costs int[]
)
LANGUAGE plpgsql STABLE ROWS 20 AS $$
BEGIN
  RETURN QUERY
  WITH hit AS MATERIALIZED (
    SELECT f.id, f.tier, array_agg(DISTINCT f.by) FILTER (WHERE f.by > 0) AS identifiers
    FROM (
      SELECT *, min(found.tier) OVER (PARTITION BY found.id) AS best
      FROM unnest(p_found, p_tiers, p_by) AS found (id, tier, by)
    ) AS f
    WHERE f.tier = f.best GROUP BY f.id, f.tier
  ), ranked AS MATERIALIZED (
    SELECT hit.*, matched.places, row_number() OVER (
      ORDER BY hit.tier, matched.words DESC, matched.cost, matched.names DESC,
        e.kind, e.sort_key, hit.id) AS rank
    FROM hit
    CROSS JOIN LATERAL (SELECT * FROM identification_entry AS o WHERE o.id = hit.id OFFSET 0) AS e
    CROSS JOIN LATERAL (
      SELECT array_agg(slot.place) AS places, count(*) AS words, sum(p_costs[slot.place]) AS cost,
        count(*) FILTER (WHERE p_named[slot.place]) AS names
      FROM (
        SELECT min(p.place) AS place
        FROM unnest(e.words) AS w (id) CROSS JOIN array_position(p_ids, w.id) AS p (place)
        WHERE p.place IS NOT NULL GROUP BY p_slots[p.place]
      ) AS slot
    ) AS matched
    ORDER BY rank LIMIT p_limit
  )
  SELECT ranked.id, ranked.tier, ranked.identifiers, why.fields, why.texts, why.costs
  FROM ranked
  CROSS JOIN LATERAL (
    SELECT array_agg(w.field::text) AS fields, array_agg(w.text::text) AS texts,
      array_agg(p_costs[p.place]) AS costs
    FROM unnest(ranked.places) AS p (place)
    CROSS JOIN LATERAL (SELECT * FROM identification_word AS o WHERE o.id = p_ids[p.place] OFFSET 0) AS w
  ) AS why
  ORDER BY ranked.rank;
END $$
"""


def _undo(name: str) -> str:
    return f"DROP FUNCTION identification_{name}"


class Migration(migrations.Migration):
    dependencies = [("identification", "0001_initial")]

    operations = [
        migrations.RunSQL(DELETIONS, _undo("deletions")),
        migrations.RunSQL(SWAPS, _undo("swaps")),
        migrations.RunSQL(SLIPS, _undo("slips")),
        migrations.RunSQL(HAVING, _undo("having")),
        migrations.RunSQL(NEAR, _undo("near")),
        migrations.RunSQL(RANKED, _undo("ranked")),
    ]
