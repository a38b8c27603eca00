"""
The statements of `reconciling`, each for all items whose keys lie in a range.

They are put together of parts of our own; what varies goes in as parameters.
"""

from __future__ import annotations

# A renewed term begins later than the supply; before it the item was bought for the term before.
_SCOPE = """
    WITH scope AS (
        SELECT i.id, i.product_id, i.starts_on, i.ends_on,
            coalesce(i.fixed_from, i.starts_on) AS fixed_from,
            (coalesce(i.fixed_from, i.starts_on)
                + make_interval(months => nullif(i.term_months, 0)))::date AS fixed_until
        FROM contracts_contractitem i
        WHERE i.id BETWEEN %(first)s AND %(last)s AND i.role = 'SUPPLY'
            AND i.status <> ALL(%(not_supplied)s)
            AND (%(product)s::bigint IS NULL OR i.product_id = %(product)s)
    )
"""

_TERM_END = """
    CASE WHEN THE_DAY < s.fixed_from AND s.fixed_until IS NOT NULL THEN s.fixed_from
        WHEN THE_DAY < s.fixed_until THEN s.fixed_until END
"""

# In this order: a fixed price outlives its term; a term was renewed, or its price is known only
# now; the agreement has ended; the agreement feeds the product no longer; a move of fixed ones.
_CUTS = """
    THE_SCOPE
    , cuts AS (
        SELECT r.id, r.valid_from, r.valid_to, least(
            CASE WHEN r.price_id IS NOT NULL
                THEN greatest(coalesce(THE_TERM_END, r.valid_from), %(since)s) END,
            CASE WHEN r.price_id IS NULL AND r.source = 'PRODUCT'
                    AND r.valid_from < s.fixed_until
                    AND EXISTS (SELECT FROM products_supplyprice p
                        WHERE p.agreement_id = r.agreement_id
                            AND daterange(p.valid_from, p.valid_to)
                                @> greatest(s.fixed_from, r.valid_from))
                THEN greatest(s.fixed_from, r.valid_from) END,
            a.valid_to,
            CASE WHEN r.price_id IS NULL AND r.source = 'PRODUCT'
                    AND (r.valid_to IS NULL OR r.valid_to > %(since)s)
                THEN lower(datemultirange(
                        daterange(greatest(r.valid_from, %(since)s), r.valid_to))
                    - coalesce((SELECT range_agg(daterange(m.valid_from, m.valid_to))
                        FROM products_productsupply m
                        WHERE m.product_id = s.product_id AND m.agreement_id = r.agreement_id),
                        '{}')) END,
            CASE WHEN r.price_id IS NOT NULL AND r.source = 'PRODUCT'
                    AND r.agreement_id <> %(moved_to)s::bigint
                THEN greatest(r.valid_from, %(moved_from)s::date) END
        ) AS day
        FROM scope s
        JOIN contracts_itemsupplier r ON r.item_id = s.id
        JOIN products_supplyagreement a ON a.id = r.agreement_id
    )
""".replace("THE_SCOPE", _SCOPE).replace(
    "THE_TERM_END", _TERM_END.replace("THE_DAY", "r.valid_from")
)

DROP = """
    THE_CUTS
    DELETE FROM contracts_itemsupplier t USING cuts c
    WHERE t.id = c.id AND c.day <= c.valid_from
""".replace("THE_CUTS", _CUTS)

CUT = """
    THE_CUTS
    UPDATE contracts_itemsupplier t SET valid_to = c.day, updated_at = now()
    FROM cuts c
    WHERE t.id = c.id AND c.day > c.valid_from AND (c.valid_to IS NULL OR c.valid_to > c.day)
""".replace("THE_CUTS", _CUTS)

_GAPS = """
    THE_SCOPE
    , gaps AS (
        SELECT s.*, unnest(datemultirange(daterange(s.starts_on, NULL))
            - coalesce(c.days, '{}')) AS gap
        FROM scope s
        LEFT JOIN LATERAL (
            SELECT range_agg(daterange(r.valid_from, r.valid_to)) AS days
            FROM contracts_itemsupplier r WHERE r.item_id = s.id) c ON true
        WHERE s.ends_on IS NULL OR s.ends_on > s.starts_on
    )
""".replace("THE_SCOPE", _SCOPE)

FILL = """
    THE_GAPS
    , pieces AS (
        SELECT DISTINCT ON (s.id) s.*, a.id AS agreement_id, a.valid_to AS agreement_to,
            lower(x.days) AS day, upper(x.days) AS fed_to
        FROM gaps s
        JOIN products_productsupply m ON m.product_id = s.product_id
        JOIN products_supplyagreement a ON a.id = m.agreement_id
        CROSS JOIN LATERAL (SELECT s.gap * daterange(m.valid_from, m.valid_to)
            * daterange(a.valid_from, a.valid_to) AS days) x
        WHERE NOT isempty(x.days) AND (s.ends_on IS NULL OR lower(x.days) < s.ends_on)
        ORDER BY s.id, lower(x.days)
    )
    INSERT INTO contracts_itemsupplier (uuid, created_at, updated_at, item_id, agreement_id,
        price_id, valid_from, valid_to, source)
    SELECT NEW_UUID, now(), now(), s.id, s.agreement_id, p.id, s.day,
        CASE WHEN p.id IS NULL THEN s.fed_to
            ELSE least(t.term_end, s.agreement_to, upper(s.gap)) END, 'PRODUCT'
    FROM pieces s
    CROSS JOIN LATERAL (SELECT THE_TERM_END AS term_end) t
    LEFT JOIN products_supplyprice p ON t.term_end IS NOT NULL
        AND p.agreement_id = s.agreement_id AND daterange(p.valid_from, p.valid_to) @> s.day
""".replace("THE_GAPS", _GAPS).replace("THE_TERM_END", _TERM_END.replace("THE_DAY", "s.day"))

# A gap is told once it comes near, and then as it is: what is told changes when the gap does.
_TOLD = """
    THE_GAPS
    , told AS (
        SELECT s.id AS item_id, greatest(lower(y.days), %(told_from)s::date) AS valid_from,
            upper(y.days) AS valid_to,
            CASE WHEN s.product_id IS NULL THEN 'NO_PRODUCT' ELSE 'NOT_FED' END AS reason
        FROM gaps s
        CROSS JOIN LATERAL (SELECT s.gap * daterange(NULL, s.ends_on) AS days) y
        WHERE y.days && daterange(%(told_from)s, %(told_to)s)
    )
""".replace("THE_GAPS", _GAPS)

FORGET_GAPS = """
    THE_TOLD
    DELETE FROM contracts_supplygap g USING contracts_contractitem i
    WHERE i.id = g.item_id AND g.item_id BETWEEN %(first)s AND %(last)s
        AND (%(product)s::bigint IS NULL OR i.product_id = %(product)s)
        AND NOT EXISTS (SELECT FROM told t
            WHERE t.item_id = g.item_id AND t.valid_from = g.valid_from
                AND t.valid_to IS NOT DISTINCT FROM g.valid_to AND t.reason = g.reason)
""".replace("THE_TOLD", _TOLD)

TELL_GAPS = """
    THE_TOLD
    INSERT INTO contracts_supplygap (uuid, created_at, updated_at, item_id, valid_from, valid_to,
        reason)
    SELECT NEW_UUID, now(), now(), t.item_id, t.valid_from, t.valid_to, t.reason
    FROM told t
    ON CONFLICT DO NOTHING
""".replace("THE_TOLD", _TOLD)
