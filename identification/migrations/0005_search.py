"""
The search, in one call: as before, with fewer pages read on the way.

It goes from what is certain to what is a guess and stops as soon as the answer is full. Tiers:

1. a whole identifier, and everything else that was typed fits;
2. every word as it is written, names before places;
3. the beginning or the last digits of an identifier;
4. a whole identifier with something that does not fit; one word mistyped;
5. several words mistyped; an identifier mistyped;
6. some of the words.

It goes from a handful of values into big tables, by index, in the order in which it is written:
`LATERAL (... OFFSET 0)` holds the planner to that, whatever the statistics of a young tenant say.
"""

from importlib import import_module

from django.db import migrations

SEARCH = """
CREATE OR REPLACE FUNCTION identification_search(
  p_segments text[],    -- those that may be seen, '' among them; NULL: all
  p_kinds text[], p_limit int,
  -- What may be a whole identifier, or the end of one, and of which typed pieces (as bits) it is made;
  -- what a mistyped identifier may hold, or NULL where it is not to be guessed.
  p_codes text[], p_code_parts int[], p_ends text[], p_end_parts int[], p_signs text,
  p_names text[],       -- what may be the beginning of "surname first names"
  -- Spellings of the typed words; which word each spells; whether it is that word (0) or stands for
  -- it at need (1).
  p_forms text[], p_form_slots int[], p_form_costs int[],
  -- For each word: its pieces; 1 or 2 if only that way to read the text has it, else 0; what to
  -- compare where it may be mistyped.
  p_slot_parts int[], p_slot_readings int[], p_slot_near text[],
  p_begun boolean,      -- whether the last word may be unfinished
  p_guess int           -- the last tier that is wanted
)
RETURNS TABLE (
  entry_id bigint, tier int, identifiers bigint[], fields text[], texts text[], costs int[]
)
LANGUAGE plpgsql STABLE ROWS 20
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_cap int := p_limit * 3;
  v_slots int := coalesce(cardinality(p_slot_parts), 0);
  v_ids bigint[]; v_word_slots int[]; v_costs int[]; v_named boolean[];   -- words to match
  v_found bigint[] := '{}'; v_tiers int[] := '{}'; v_by bigint[] := '{}'; -- entries found
  v_exact text[]; v_names text[]; v_wide text[]; v_groups text[];         -- a group of words a slot
  v_of int[];                                                             -- slots of one reading
  v_more bigint[]; v_unknown int;
  v_written boolean;                                                      -- whether tier 2 found
  v_size int;                                                             -- of the longest identifier
  k record;
BEGIN
  SELECT array_agg(w.id), array_agg(f.slot), array_agg(f.cost), array_agg(w.field IN ('NAME', 'ORGANISATION'))
  INTO v_ids, v_word_slots, v_costs, v_named
  FROM unnest(p_forms, p_form_slots, p_form_costs) AS f (form, slot, cost)
  CROSS JOIN LATERAL (
    SELECT * FROM identification_word AS o
    WHERE o.text = f.form AND (p_segments IS NULL OR o.segment = ANY (p_segments)) OFFSET 0
  ) AS w;

  -- Identifiers, as a whole. "Fits": the entry has every other word that was typed.
  FOR k IN
    SELECT i.id, i.entry_id, length(i.value) AS size, c.others = 0 OR c.others & (
      SELECT coalesce(bit_or(1 << v_word_slots[array_position(v_ids, w.id)]), 0)
      FROM unnest(e.words) AS w (id)) = c.others AS fits
    FROM (
      SELECT code, (
        SELECT coalesce(bit_or(1 << s), 0) FROM generate_series(1, v_slots) AS s
        WHERE p_slot_parts[s] & parts = 0 AND p_slot_readings[s] < 2) AS others
      FROM unnest(p_codes, p_code_parts) AS typed (code, parts) OFFSET 0
    ) AS c
    CROSS JOIN LATERAL (
      SELECT * FROM identification_identifier AS o WHERE o.value = c.code OFFSET 0
    ) AS i
    CROSS JOIN LATERAL (
      SELECT * FROM identification_entry AS o
      WHERE o.id = i.entry_id AND (p_segments IS NULL OR o.segment = ANY (p_segments))
        AND (p_kinds IS NULL OR o.kind = ANY (p_kinds)) OFFSET 0
    ) AS e
    ORDER BY fits DESC, size DESC LIMIT v_cap
  LOOP
    v_found := v_found || k.entry_id; v_by := v_by || k.id;
    v_tiers := v_tiers || CASE WHEN k.fits THEN 1 ELSE 4 END;
    v_size := greatest(v_size, CASE WHEN k.fits THEN k.size END);
  END LOOP;

  <<filling>>
  BEGIN
    -- A long number that is somebody's is not the end of somebody else's, nor a postcode.
    EXIT filling WHEN v_size > 6 OR p_guess < 2;

    -- Words, as they are written.
    FOR k IN
      SELECT e.id
      FROM unnest(p_names) AS n (beginning)
      CROSS JOIN unnest(p_segments) AS s (segment)
      CROSS JOIN LATERAL (
        SELECT o.id FROM identification_entry AS o
        WHERE o.segment = s.segment AND o.sort_key >= n.beginning
          AND o.sort_key < n.beginning || chr(1114111)
          AND (p_kinds IS NULL OR o.kind = ANY (p_kinds))
        ORDER BY o.sort_key LIMIT p_limit
      ) AS e
    LOOP
      v_found := v_found || k.id; v_tiers := v_tiers || 2; v_by := v_by || 0::bigint;
    END LOOP;
    EXIT filling WHEN cardinality(v_found) >= p_limit;

    SELECT array_agg(g.exact ORDER BY s), array_agg(g.names ORDER BY s)
    INTO v_exact, v_names
    FROM generate_series(1, v_slots) AS s CROSS JOIN LATERAL (
      SELECT array_agg(w.id)::text AS exact, (array_agg(w.id) FILTER (WHERE w.named))::text AS names
      FROM unnest(v_ids, v_word_slots, v_costs, v_named) AS w (id, slot, cost, named)
      WHERE w.slot = s AND w.cost = 0
    ) AS g;
    FOR r IN 1 .. 2 LOOP
      v_of := ARRAY(SELECT s FROM generate_series(1, v_slots) AS s WHERE p_slot_readings[s] IN (0, r));
      CONTINUE WHEN r = 2 AND NOT 2 = ANY (p_slot_readings) OR cardinality(v_of) = 0;
      FOREACH v_groups SLICE 1 IN ARRAY ARRAY[v_names, v_exact] LOOP
        v_groups := ARRAY(SELECT v_groups[s] FROM unnest(v_of) AS s);
        v_more := ARRAY(SELECT identification_having(v_groups, p_kinds, v_cap));
        v_found := v_found || v_more; v_tiers := v_tiers || array_fill(2, ARRAY[cardinality(v_more)]);
        v_by := v_by || array_fill(0::bigint, ARRAY[cardinality(v_more)]);
        EXIT filling WHEN cardinality(v_found) >= v_cap;
      END LOOP;
    END LOOP;
    v_written := 2 = ANY (v_tiers);
    -- Three words that are somebody's are no slip of the finger.
    EXIT filling WHEN p_guess < 3 OR cardinality(v_found) > 0 AND cardinality(v_of) > 2;

    -- Identifiers by their ends. A postcode or a date beside a name that somebody has is no such end.
    FOR k IN
      SELECT x.identifier AS id, x.entry_id
      FROM (
        SELECT array_agg(typed) AS typed, ARRAY(
          SELECT v_exact[s] FROM generate_series(1, v_slots) AS s
          WHERE p_slot_parts[s] & parts = 0 AND p_slot_readings[s] < 2) AS beside
        FROM unnest(p_ends, p_end_parts) AS c (typed, parts)
        WHERE NOT (v_written AND v_slots > 1 AND length(typed) > 4)
        GROUP BY parts OFFSET 0
      ) AS c
      CROSS JOIN LATERAL identification_ended(
        c.typed, c.beside, p_segments, p_kinds, v_cap) AS x
    LOOP
      v_found := v_found || k.entry_id; v_tiers := v_tiers || 3; v_by := v_by || k.id;
    END LOOP;
    EXIT filling WHEN p_guess < 4 OR cardinality(v_found) >= p_limit;

    -- Words, one of them mistyped or unfinished; those that nobody has come first.
    SELECT v_ids || array_agg(n.id), v_word_slots || array_agg(s), v_costs || array_agg(n.cost),
      v_named || array_agg(n.named)
    INTO v_ids, v_word_slots, v_costs, v_named
    FROM generate_series(1, v_slots) AS s
    CROSS JOIN LATERAL identification_near(
      p_slot_near[s], p_segments, p_begun AND s = v_slots, 48) AS n;
    SELECT array_agg(g.wide ORDER BY s) INTO v_wide
    FROM generate_series(1, v_slots) AS s CROSS JOIN LATERAL (
      SELECT array_agg(w.id)::text AS wide
      FROM unnest(v_ids, v_word_slots) AS w (id, slot) WHERE w.slot = s
    ) AS g;
    FOR r IN 1 .. 2 LOOP
      v_of := ARRAY(SELECT s FROM generate_series(1, v_slots) AS s WHERE p_slot_readings[s] IN (0, r));
      CONTINUE WHEN r = 2 AND NOT 2 = ANY (p_slot_readings) OR cardinality(v_of) = 0;
      v_unknown := (SELECT count(*) FROM unnest(v_of) AS s WHERE v_exact[s] IS NULL);
      IF v_unknown < 2 THEN
        FOR k IN
          SELECT s FROM unnest(v_of) AS s
          WHERE v_wide[s] IS DISTINCT FROM v_exact[s] AND (v_unknown = 0 OR v_exact[s] IS NULL)
        LOOP
          v_groups := ARRAY(SELECT CASE WHEN o = k.s THEN v_wide[o] ELSE v_exact[o] END FROM unnest(v_of) AS o);
          v_more := ARRAY(SELECT identification_having(v_groups, p_kinds, v_cap));
          v_found := v_found || v_more; v_tiers := v_tiers || array_fill(4, ARRAY[cardinality(v_more)]);
          v_by := v_by || array_fill(0::bigint, ARRAY[cardinality(v_more)]);
        END LOOP;
      END IF;
    END LOOP;
    -- Nobody mistypes both words and meets somebody who has them.
    EXIT filling WHEN p_guess < 5 OR v_written OR cardinality(v_found) >= p_limit;

    -- Several words mistyped; an identifier mistyped.
    FOR r IN 1 .. 2 LOOP
      v_of := ARRAY(SELECT s FROM generate_series(1, v_slots) AS s WHERE p_slot_readings[s] IN (0, r));
      CONTINUE WHEN r = 2 AND NOT 2 = ANY (p_slot_readings) OR cardinality(v_of) < 2;
      v_groups := ARRAY(SELECT v_wide[s] FROM unnest(v_of) AS s);
      v_more := ARRAY(SELECT identification_having(v_groups, p_kinds, v_cap));
      v_found := v_found || v_more; v_tiers := v_tiers || array_fill(5, ARRAY[cardinality(v_more)]);
      v_by := v_by || array_fill(0::bigint, ARRAY[cardinality(v_more)]);
      EXIT filling WHEN cardinality(v_found) >= v_cap;
    END LOOP;
    IF p_signs IS NOT NULL AND cardinality(v_found) = 0 THEN
      FOR k IN
        SELECT i.id, i.entry_id
        FROM unnest(p_codes, p_code_parts) AS c (code, parts)
        CROSS JOIN split_part(c.code, '@', 1) AS front
        CROSS JOIN LATERAL (
          -- One sorted list visits a page of the index once, and slips lie side by side.
          SELECT x.id, x.entry_id FROM (
            SELECT * FROM identification_identifier AS o
            WHERE o.value = ANY (ARRAY(
              SELECT identification_slips(c.code, p_signs) WHERE front = c.code)) OFFSET 0
          ) AS x
          -- An address is too long to try every slip: one half of it, or its domain, is right.
          UNION ALL
          SELECT x.id, x.entry_id
          FROM unnest(ARRAY[front || '@', left(front, greatest(3, length(front) / 2 - 1))]) AS half
          CROSS JOIN LATERAL (
            SELECT o.value FROM identification_identifier AS o
            WHERE o.value >= half AND o.value < half || chr(1114111) LIMIT 2000
          ) AS near
          CROSS JOIN LATERAL (
            SELECT * FROM identification_identifier AS o WHERE o.value = near.value OFFSET 0
          ) AS x
          WHERE front <> c.code AND levenshtein_less_equal(near.value, c.code, 2) < 3
          UNION ALL
          SELECT x.id, x.entry_id
          FROM reverse(right(c.code, (length(front) - 1) / 2 - length(front))) AS half
          CROSS JOIN LATERAL (
            SELECT * FROM identification_identifier AS o
            WHERE reverse(o.value) >= half AND reverse(o.value) < half || chr(1114111) LIMIT 2000
          ) AS x
          WHERE front <> c.code AND levenshtein_less_equal(x.value, c.code, 2) < 3
        ) AS i
        CROSS JOIN LATERAL (
          SELECT * FROM identification_entry AS o
          WHERE o.id = i.entry_id AND (p_segments IS NULL OR o.segment = ANY (p_segments))
            AND (p_kinds IS NULL OR o.kind = ANY (p_kinds)) OFFSET 0
        ) AS e
        -- Parts of the text that are only tried as the end of something are no guess of their own.
        WHERE c.parts <> 0 AND length(c.code) > 5
        LIMIT v_cap
      LOOP
        v_found := v_found || k.entry_id; v_tiers := v_tiers || 5; v_by := v_by || k.id;
      END LOOP;
    END IF;
    EXIT filling WHEN p_guess < 6 OR cardinality(v_found) > 0;

    -- All words that somebody has; then all of these but one.
    v_of := ARRAY(
      SELECT s FROM generate_series(1, v_slots) AS s
      WHERE p_slot_readings[s] < 2 AND v_wide[s] IS NOT NULL);
    FOR k IN
      SELECT 0 AS s, false AS guessed WHERE cardinality(v_of) < v_slots
      UNION ALL
      SELECT s, v_exact[s] IS NOT NULL FROM unnest(v_of) AS s ORDER BY guessed, s
    LOOP
      v_groups := ARRAY(SELECT v_wide[s] FROM unnest(v_of) AS s WHERE s <> k.s);
      CONTINUE WHEN cardinality(v_groups) = 0;
      v_more := ARRAY(SELECT identification_having(v_groups, p_kinds, v_cap));
      v_found := v_found || v_more; v_tiers := v_tiers || array_fill(6, ARRAY[cardinality(v_more)]);
      v_by := v_by || array_fill(0::bigint, ARRAY[cardinality(v_more)]);
      EXIT WHEN cardinality(v_found) >= v_cap OR k.s = 0 AND cardinality(v_found) > 0;
    END LOOP;
  END;

  RETURN QUERY SELECT * FROM identification_ranked(
    v_found, v_tiers, v_by, v_ids, v_word_slots, v_costs, v_named, p_limit);
END $$
"""


_BEFORE = import_module("identification.migrations.0003_search").SEARCH.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("identification", "0004_fewer_pages")]

    operations = [migrations.RunSQL(SEARCH, _BEFORE)]
