"""Terms of contracts that a clerk of the ERP altered: taken over set by set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from utilcrm.db.staging import Staging, run


class TermsRow(NamedTuple):
    """What the ERP says about a contract that is here already."""

    erp_number: str
    product_code: str
    agreement_erp_number: str
    starts_on: dt.date


_COLUMNS = {
    "erp_number": "text",
    "product_code": "text",
    "agreement_erp_number": "text",
    "starts_on": "date",
}

# Only what both sides had as settled: anything still on its way is told by confirmations. What the
# use of a grid costs is the distributor's tariff, which nobody in the ERP sells.
_PRODUCT = """
    UPDATE contracts_contractitem t
    SET product_id = x.product_id, product_name = x.product_name, starts_on = x.starts_on,
        updated_at = now(), version = t.version + 1
    FROM (
        SELECT i.id, p.id AS product_id, s.starts_on,
            left(coalesce(p.name, s.product_code), 80) AS product_name
        FROM pg_temp.contract_terms s
        JOIN contracts_contractitem i ON i.erp_number = s.erp_number AND i.erp_number <> ''
        LEFT JOIN products_product p ON p.code = s.product_code
        LEFT JOIN products_product o ON o.id = i.product_id
        WHERE i.status IN ('COMPLETED', 'ENDED') AND i.grid_tariff_id IS NULL
            AND (i.starts_on <> s.starts_on OR CASE WHEN o.id IS NULL
                THEN p.id IS NOT NULL OR i.product_name <> left(s.product_code, 80)
                ELSE o.code <> s.product_code END)
    ) x
    WHERE t.id = x.id
"""

# A contract stays with its customer; only who pays among that customer's agreements may change.
_AGREEMENT = """
    UPDATE contracts_contract c
    SET business_agreement_id = b.id, updated_at = now(), version = c.version + 1
    FROM pg_temp.contract_terms s
    JOIN contracts_contractitem i ON i.erp_number = s.erp_number AND i.erp_number <> ''
    JOIN accounts_businessagreement b ON b.erp_number = s.agreement_erp_number
        AND b.erp_number <> ''
    WHERE c.id = i.contract_id AND c.account_id = b.account_id
        AND c.business_agreement_id IS DISTINCT FROM b.id
        AND i.status IN ('COMPLETED', 'ENDED')
"""


@transaction.atomic
def take_over_terms(rows: Iterable[TermsRow]) -> int:
    """
    Take product, start and business agreement from the ERP for contracts that are settled here.

    :return: how many contracts and items were altered
    """
    Staging("contract_terms", _COLUMNS).fill(rows)
    return run(_PRODUCT) + run(_AGREEMENT)
