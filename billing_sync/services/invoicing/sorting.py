"""
Lines of tokens, sorted set by set into what is taken, known already, and rejected.

One temporary table, one look at each line's invoice, token and digest, whatever the number of
months: digests lie apart from the months, so that a token of years ago is found by one probe.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from billing_sync.choices import InvoiceRejectReason
from utilcrm.db.locks import lock_until_commit
from utilcrm.db.staging import Staging, fetch, run

_COLUMNS = {"number": "text", "sealed": "bytea", "digest": "bytea", "replaces": "boolean"}

TAKE, KNOWN = "TAKE", "KNOWN"

# LIMIT makes it one probe a line. A join would read all digests as long as there are some millions.
_SORT = """
    CREATE TEMPORARY TABLE sorted_token ON COMMIT DROP AS
    SELECT s.number, s.sealed, s.digest, s.replaces, i.run_id, i.delivery,
        coalesce(t.version, 0) + 1 AS version,
        CASE
            WHEN d.number = s.number AND d.month = %(month)s THEN 'KNOWN'
            WHEN s.same_digest > 1 THEN 'TOKEN_TWICE'
            WHEN s.same_number > 1 THEN 'INVOICE_TWICE'
            WHEN i.number IS NULL THEN 'UNKNOWN_INVOICE'
            WHEN d.digest IS NOT NULL THEN 'TOKEN_USED'
            WHEN t.version IS NOT NULL AND NOT s.replaces THEN 'HAS_TOKEN'
            ELSE 'TAKE'
        END AS verdict
    FROM (SELECT *, count(*) OVER (PARTITION BY digest) AS same_digest,
            count(*) OVER (PARTITION BY number) AS same_number
        FROM pg_temp.stage_token) s
    LEFT JOIN billing_sync_invoice i ON i.month = %(month)s AND i.number = s.number
    LEFT JOIN LATERAL (SELECT digest, month, number FROM billing_sync_tokendigest
        WHERE digest = s.digest LIMIT 1) d ON true
    LEFT JOIN LATERAL (SELECT max(version) AS version FROM billing_sync_invoicetoken t
        WHERE t.month = %(month)s AND t.number = s.number) t ON true
"""
_DIGESTS = """
    INSERT INTO billing_sync_tokendigest (digest, month, number)
    SELECT digest, %(month)s, number FROM pg_temp.sorted_token WHERE verdict = 'TAKE'
    ORDER BY digest
"""
_TOKENS = """
    INSERT INTO billing_sync_invoicetoken (month, number, version, sealed, batch_id, received_at)
    SELECT %(month)s, number, version, sealed, %(batch)s, %(now)s FROM pg_temp.sorted_token
    WHERE verdict = 'TAKE' ORDER BY number
"""
# A second token of an invoice makes no invoice more that has one.
_COUNT = """
    UPDATE billing_sync_invoicerun r
    SET tokens = r.tokens + n.first, last_token_at = %(now)s, updated_at = %(now)s
    FROM (SELECT run_id, count(*) FILTER (WHERE version = 1) AS first
        FROM pg_temp.sorted_token WHERE verdict = 'TAKE' GROUP BY run_id) n
    WHERE r.id = n.run_id
"""
_REJECT = """
    INSERT INTO billing_sync_invoicereject (uuid, created_at, updated_at, month, number, reason,
        detail, sealed, digest, is_replacement, batch_id, status, tries, last_tried_at, note)
    SELECT gen_random_uuid(), %(now)s, %(now)s, %(month)s, number, verdict, '', sealed, digest,
        replaces, %(batch)s, 'OPEN', 1, %(now)s, ''
    FROM pg_temp.sorted_token WHERE verdict NOT IN ('TAKE', 'KNOWN') ORDER BY number, digest
    ON CONFLICT (month, number, digest) DO UPDATE SET reason = EXCLUDED.reason,
        tries = billing_sync_invoicereject.tries + 1, last_tried_at = %(now)s,
        is_replacement = EXCLUDED.is_replacement, updated_at = %(now)s,
        status = CASE billing_sync_invoicereject.status WHEN 'SET_ASIDE' THEN 'SET_ASIDE'
            ELSE 'OPEN' END
"""
_RESOLVE = """
    UPDATE billing_sync_invoicereject r SET status = 'TAKEN', last_tried_at = %(now)s,
        updated_at = %(now)s
    FROM pg_temp.sorted_token s
    WHERE r.month = %(month)s AND r.number = s.number AND r.digest = s.digest
        AND r.status = 'OPEN' AND s.verdict IN ('TAKE', 'KNOWN')
"""
# Lines that contradict each other are looked at together, however far apart they lie: one of two
# would seem to be right.
_REJECTS = """
    WITH open AS (
        SELECT id, number, sealed, digest, is_replacement, reason, batch_id
        FROM billing_sync_invoicereject WHERE month = %(month)s AND status = 'OPEN'
            AND reason <> %(unreadable)s
    ), chosen AS (SELECT * FROM open WHERE id > %(after)s ORDER BY id LIMIT %(most)s
    ), filled AS (
        INSERT INTO pg_temp.stage_token
        SELECT number, sealed, digest, is_replacement FROM chosen
        UNION SELECT number, sealed, digest, is_replacement FROM open
        WHERE reason = ANY(%(twice)s) AND (digest IN (SELECT digest FROM chosen)
            OR number IN (SELECT number FROM chosen))
    )
    SELECT count(*), coalesce(max(id), 0), coalesce(max(batch_id), 0) FROM chosen
"""


@dataclass(frozen=True)
class Sorted:
    """What became of a set of lines; rejects as (number, code), by number."""

    taken: int
    known: int
    rejects: list[tuple[str, str]]


def stage(lines: Iterable[tuple[str, bytes, bytes, bool]]) -> None:
    """Bring lines (number, sealed token, digest, whether it replaces) into the temporary table."""
    Staging("stage_token", _COLUMNS).fill(
        (number, f"\\x{sealed.hex()}", f"\\x{digest.hex()}", replaces)
        for number, sealed, digest, replaces in lines
    )


@dataclass(frozen=True)
class Staged:
    """How many rejects were staged, the last one's key, and the newest batch that they came in."""

    count: int
    last: int
    batch_id: int


def stage_rejects(*, month: dt.date, after: int, most: int) -> Staged:
    """Bring open rejects that a later list of the ERP may mend into the temporary table."""
    Staging("stage_token", _COLUMNS)
    rows = fetch(
        _REJECTS,
        {
            "month": month,
            "after": after,
            "most": most,
            "unreadable": InvoiceRejectReason.UNREADABLE,
            "twice": [InvoiceRejectReason.TOKEN_TWICE, InvoiceRejectReason.INVOICE_TWICE],
        },
    )
    run("ANALYZE pg_temp.stage_token")
    return Staged(*rows[0])


def sort_staged(*, month: dt.date, batch_id: int | None) -> Sorted:
    """
    Take what can be taken of the staged lines, and write down what cannot, with its reason.

    One set at a time in a tenant: of two batches with the same token, one comes first.
    """
    lock_until_commit("invoice-tokens")
    facts = {"month": month, "batch": batch_id or 0, "now": timezone.now()}
    run("DROP TABLE IF EXISTS pg_temp.sorted_token")
    run(_SORT, facts)
    counts = dict(fetch("SELECT verdict, count(*) FROM pg_temp.sorted_token GROUP BY verdict"))
    rejects: list[tuple[str, str]] = []
    if counts.keys() - {TAKE, KNOWN}:
        run(_REJECT, facts)
        rejects = [
            (number, code)
            for number, code in fetch(
                "SELECT number, verdict FROM pg_temp.sorted_token"
                " WHERE verdict NOT IN ('TAKE', 'KNOWN') ORDER BY 1, 2"
            )
        ]
    if counts.get(TAKE):
        for statement in (_DIGESTS, _TOKENS, _COUNT):
            run(statement, facts)
    run(_RESOLVE, facts)
    return Sorted(taken=counts.get(TAKE, 0), known=counts.get(KNOWN, 0), rejects=rejects)


def numbers_to_mail() -> list[str]:
    """Return which of the invoices taken just now go to customers by mail."""
    return [
        number
        for (number,) in fetch(
            "SELECT s.number FROM pg_temp.sorted_token s JOIN billing_sync_invoicerun r"
            " ON r.id = s.run_id WHERE s.verdict = 'TAKE' AND s.version = 1"
            " AND s.delivery = 'EMAIL' AND r.sends_mail ORDER BY 1"
        )
    ]
