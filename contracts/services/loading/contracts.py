"""Contracts that the ERP has already: a set-based load, for the initial download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from contracts.choices import ItemRole
from contracts.services.legs import link_loaded
from contracts.services.loading.copying import copy_new
from contracts.services.loading.rows import ContractRow
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.db.staging import Loaded, Reject, Staging, fetch, new_uuid_sql, run

_COLUMNS = {
    "erp_number": "text",
    "external_reference": "uuid",
    "contract_external_reference": "uuid",
    "contract_number": "text",
    "role": "text",
    "agreement_erp_number": "text",
    "pod_erp_number": "text",
    "division": "text",
    "product_code": "text",
    "starts_on": "date",
    "ends_on": "date",
    "term_months": "int",
    "expected_annual_kwh": "int",
    "status": "text",
    "billed_until": "date",
}

_REJECTS = """
    SELECT s.erp_number,
        CASE WHEN a.id IS NULL THEN 'AGREEMENT_MISSING' ELSE 'POD_MISSING' END,
        CASE WHEN a.id IS NULL
            THEN 'The contract account ' || s.agreement_erp_number || ' is not here.'
            ELSE 'The point of delivery ' || s.pod_erp_number || ' is not here.' END
    FROM pg_temp.contract_rows s
    LEFT JOIN accounts_businessagreement a ON a.erp_number = s.agreement_erp_number
        AND a.erp_number <> ''
    LEFT JOIN premises_pointofdelivery p ON p.erp_number = s.pod_erp_number AND p.erp_number <> ''
    WHERE a.id IS NULL OR p.id IS NULL
    ORDER BY s.erp_number
"""

_ADOPT = """
    UPDATE contracts_contractitem t SET erp_number = s.erp_number, updated_at = now()
    FROM pg_temp.contract_rows s
    WHERE t.uuid = s.external_reference AND t.erp_number = ''
"""

# A contract taken over from another system without the ERP's number is the one at its place.
_ADOPT_IMPORTED = """
    UPDATE contracts_contractitem t
    SET erp_number = s.erp_number, status = 'COMPLETED', status_at = now(), updated_at = now(),
        version = t.version + 1
    FROM pg_temp.contract_rows s
    JOIN premises_pointofdelivery p ON p.erp_number = s.pod_erp_number AND p.erp_number <> ''
    WHERE t.status = 'IMPORTED' AND t.pod_id = p.id AND t.role = s.role
        AND t.starts_on = s.starts_on
        AND NOT EXISTS (
            SELECT FROM contracts_contractitem o WHERE o.erp_number = s.erp_number
                AND o.erp_number <> '')
"""

# Whatever is still on its way to the ERP is told by the ERP's own confirmations.
_UPDATE = """
    UPDATE contracts_contractitem t
    SET ends_on = s.ends_on, expected_annual_kwh = s.expected_annual_kwh, status = s.status,
        billed_until = s.billed_until, status_at = now(), updated_at = now(),
        version = t.version + 1
    FROM pg_temp.contract_rows s
    WHERE t.erp_number = s.erp_number AND t.erp_number <> ''
        AND t.status IN ('COMPLETED', 'ENDED')
        AND NOT EXISTS (SELECT FROM contracts_processitem x
            WHERE x.item_id = t.id AND x.outcome = 'PENDING')
        AND (t.ends_on, t.expected_annual_kwh, t.status, t.billed_until)
            IS DISTINCT FROM (s.ends_on, s.expected_annual_kwh, s.status, s.billed_until)
"""

# The two items of the dual model belong to one contract here: the same agreement, point of
# delivery and start, unless the ERP has our own reference. The other one may be here already.
_GROUPS = """
    CREATE TEMPORARY TABLE contract_groups ON COMMIT DROP AS
    SELECT coalesce((array_agg(g.reference))[1], NEW_UUID) AS uuid, g.key,
        min(g.contract_number) AS contract_number, min(g.account_id) AS account_id,
        min(g.agreement_id) AS agreement_id, bool_and(g.status = 'ENDED') AS is_ended
    FROM pg_temp.contract_new g GROUP BY g.key
"""

_NEW = """
    CREATE TEMPORARY TABLE contract_new ON COMMIT DROP AS
    SELECT s.*, a.id AS agreement_id, a.account_id, p.id AS pod_id, pr.id AS product_id,
        coalesce(pr.name, s.product_code) AS product_name,
        coalesce(s.contract_external_reference, o.uuid) AS reference,
        coalesce(s.contract_external_reference::text, o.uuid::text,
            s.agreement_erp_number || '/' || s.pod_erp_number || '/' || s.starts_on) AS key
    FROM pg_temp.contract_rows s
    JOIN accounts_businessagreement a ON a.erp_number = s.agreement_erp_number
        AND a.erp_number <> ''
    JOIN premises_pointofdelivery p ON p.erp_number = s.pod_erp_number AND p.erp_number <> ''
    LEFT JOIN products_product pr ON pr.code = s.product_code
    LEFT JOIN LATERAL (
        SELECT c.uuid FROM contracts_contractitem i
        JOIN contracts_contract c ON c.id = i.contract_id
        WHERE i.pod_id = p.id AND i.role <> s.role AND i.starts_on = s.starts_on
            AND i.status <> 'CANCELLED' AND c.business_agreement_id = a.id
        ORDER BY i.id DESC LIMIT 1) o ON true
    WHERE NOT EXISTS (SELECT FROM contracts_contractitem t WHERE t.erp_number = s.erp_number
        AND t.erp_number <> '')
"""

_INSERT_CONTRACTS = """
    INSERT INTO contracts_contract (uuid, created_at, updated_at, version, number, account_id,
        business_agreement_id, source, status, currency, revision, cancel_reason)
    SELECT g.uuid, now(), now(), 1,
        CASE WHEN g.contract_number <> ''
                AND NOT EXISTS (SELECT FROM contracts_contract c WHERE c.number = g.contract_number)
            THEN g.contract_number
            ELSE lpad(nextval('contracts_contract_number')::text, 10, '0') END,
        g.account_id, g.agreement_id, 'ERP',
        CASE WHEN g.is_ended THEN 'ENDED' ELSE 'ACTIVE' END, %s, 1, ''
    FROM pg_temp.contract_groups g
    WHERE NOT EXISTS (SELECT FROM contracts_contract c WHERE c.uuid = g.uuid)
"""

_INSERT_ITEMS = """
    INSERT INTO contracts_contractitem (uuid, created_at, updated_at, version, contract_id,
        position, role, pod_id, product_id, product_name, division, term_months, starts_on,
        ends_on, move_in, expected_annual_kwh, discount_percent, meter_serial, rate, status,
        block_reason, erp_number, failure_code, failure_field, failure_text, status_at,
        billed_until)
    SELECT coalesce(n.external_reference, NEW_UUID), now(), now(), 1, c.id,
        CASE n.role WHEN 'SUPPLY' THEN 1 ELSE 2 END, n.role, n.pod_id, n.product_id,
        left(n.product_name, 80), n.division, n.term_months, n.starts_on, n.ends_on, false,
        n.expected_annual_kwh, 0, '', 'SINGLE', n.status, '', n.erp_number, '', '', '', now(),
        n.billed_until
    FROM pg_temp.contract_new n
    JOIN pg_temp.contract_groups g ON g.key = n.key
    JOIN contracts_contract c ON c.uuid = g.uuid
    ON CONFLICT DO NOTHING
"""

_OVERLAPS = """
    SELECT n.erp_number, 'OVERLAP',
        'Another contract has the point of delivery ' || n.pod_erp_number || ' at that time.'
    FROM pg_temp.contract_new n
    WHERE NOT EXISTS (SELECT FROM contracts_contractitem t WHERE t.erp_number = n.erp_number
        AND t.erp_number <> '')
    ORDER BY n.erp_number
"""

_DROP_EMPTY = """
    DELETE FROM contracts_contract c USING pg_temp.contract_groups g
    WHERE c.uuid = g.uuid AND c.source = 'ERP'
        AND NOT EXISTS (SELECT FROM contracts_contractitem t WHERE t.contract_id = c.id)
"""

_SUM_UP = """
    UPDATE contracts_contract c SET status = x.status, updated_at = now()
    FROM (
        SELECT t.contract_id,
            CASE WHEN bool_and(t.status = 'ENDED') THEN 'ENDED' ELSE 'ACTIVE' END AS status
        FROM contracts_contractitem t
        WHERE t.contract_id IN (
            SELECT i.contract_id FROM contracts_contractitem i
            JOIN pg_temp.contract_rows s ON s.erp_number = i.erp_number
            WHERE i.erp_number <> '')
        GROUP BY t.contract_id HAVING bool_and(t.status IN ('COMPLETED', 'ENDED', 'CANCELLED'))
    ) x
    WHERE c.id = x.contract_id AND c.status <> x.status
        AND (c.source = 'ERP' OR c.signed_at IS NOT NULL)
"""

_OCCUPY = """
    UPDATE premises_premise p SET segment = x.segment, updated_at = now()
    FROM (
        SELECT d.premise_id, min(a.segment) FILTER (WHERE t.status = 'COMPLETED'
            AND (t.ends_on IS NULL OR t.ends_on > %s)) AS segment
        FROM premises_pointofdelivery d
        JOIN contracts_contractitem t ON t.pod_id = d.id
        JOIN contracts_contract c ON c.id = t.contract_id
        JOIN accounts_account a ON a.id = c.account_id
        WHERE d.premise_id IN (
            SELECT q.premise_id FROM premises_pointofdelivery q
            WHERE q.erp_number = ANY(%s) AND q.erp_number <> '')
        GROUP BY d.premise_id
    ) x
    WHERE p.id = x.premise_id AND p.segment IS DISTINCT FROM x.segment
"""


@transaction.atomic
def load_contracts(rows: Iterable[ContractRow]) -> Loaded:
    """
    Take up contracts that the ERP has: each once, by its ERP number.

    A second run with the same rows changes nothing. What lacks its contract account or its point
    of delivery, or overlaps with another contract there, is returned as a reject. Premises are
    given the segment of the customer who is supplied there today.
    """
    found = list(rows)
    created, left = copy_new(found)
    loaded = Loaded(created, 0, [])
    if left:
        loaded = loaded.plus(_take_over(left))
    link_loaded(
        {row.erp_number: row.product_code for row in found if row.role == ItemRole.GRID_USAGE},
        supplies=[row.erp_number for row in found if row.role == ItemRole.SUPPLY],
    )
    run(_OCCUPY, [clock.today(), sorted({row.pod_erp_number for row in found})])
    return loaded


def _take_over(rows: Sequence[ContractRow]) -> Loaded:
    """Let contracts be what the ERP tells of them, whatever is here."""
    Staging("contract_rows", _COLUMNS).fill(rows)
    rejects = [Reject(*row) for row in fetch(_REJECTS)]
    updated = run(_ADOPT) if any(row.external_reference for row in rows) else 0
    updated += run(_ADOPT_IMPORTED) + run(_UPDATE)
    run("DROP TABLE IF EXISTS pg_temp.contract_new, pg_temp.contract_groups")
    run(_NEW)
    created = 0
    if fetch("SELECT FROM pg_temp.contract_new LIMIT 1"):
        created, overlapping = _make()
        rejects += overlapping
    run(_SUM_UP)
    return Loaded(created, updated, rejects)


def _make() -> tuple[int, list[Reject]]:
    """Make the contracts that are not here; return how many, and what another one keeps out."""
    made_uuid = new_uuid_sql()
    run(_GROUPS.replace("NEW_UUID", made_uuid))
    run("ANALYZE pg_temp.contract_new")
    run(_INSERT_CONTRACTS, [current_profile().currency])
    created = run(_INSERT_ITEMS.replace("NEW_UUID", made_uuid))
    rejects = [Reject(*row) for row in fetch(_OVERLAPS)]
    run(_DROP_EMPTY)
    return created, rejects
