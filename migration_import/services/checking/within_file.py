"""Rows against each other, set by set: each check is one statement, however long the file is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from migration_import.choices import Severity
from migration_import.models import FileImport
from utilcrm.db.staging import run

_INSERT = """
    INSERT INTO migration_import_importproblem
        (file_import_id, number, "column", field, severity, code, reason, value)
"""

# The first row with a key owns it; a later row of another owner is told.
_OWNED = """
    SELECT DISTINCT ON (x.number) %(id)s, x.number, %(column)s, %(field)s, %(severity)s, %(code)s,
        replace(%(reason)s, '{row}', x.first::text), left(x.key, 200)
    FROM (
        SELECT r.number, KEY AS key, (OWNER)::text AS owner,
            first_value((OWNER)::text) OVER same AS first_owner,
            first_value(r.number) OVER same AS first
        FROM SOURCE
        WHERE r.file_import_id = %(id)s AND r.values IS NOT NULL AND KEY <> '' AND CONDITION
        WINDOW same AS (PARTITION BY KEY ORDER BY r.number)
    ) x
    WHERE x.owner <> x.first_owner
    ORDER BY x.number, x.first
"""

# The period before, of all that begin earlier, that ends last.
_OVERLAPS = """
    SELECT %(id)s, x.number, %(column)s, %(field)s, %(severity)s, %(code)s,
        replace(%(reason)s, '{row}', (right(x.before, 9)::int)::text), x.starts_on::text
    FROM (
        SELECT r.number, r.starts_on, max(
            to_char(coalesce(r.ends_on, '9999-12-31'), 'YYYY-MM-DD') || lpad(r.number::text, 9, '0')
        ) OVER (
            PARTITION BY r.pod_id ORDER BY r.starts_on, r.number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before
        FROM migration_import_importrow r
        WHERE r.file_import_id = %(id)s AND r.pod_id <> '' AND r.starts_on IS NOT NULL
            AND (r.ends_on IS NULL OR r.ends_on > r.starts_on)
    ) x
    WHERE left(x.before, 10)::date > x.starts_on
"""

_MARK_BAD = """
    UPDATE migration_import_importrow r SET status = 'BAD'
    FROM migration_import_importproblem p
    WHERE p.file_import_id = %(id)s AND p.severity = 'ERROR'
        AND r.file_import_id = %(id)s AND r.number = p.number AND r.status = 'GOOD'
"""

_ROWS = "migration_import_importrow r"
_CONTACTS = f"{_ROWS}, jsonb_array_elements(r.values->'contacts') c"
_ACCOUNT = "r.values->'account'"
# What may differ from row to row without making it another customer.
_IDENTITY = f"({_ACCOUNT}) - '{{street,house_number,flat,postcode,town,language}}'::text[]"
_PAYER = "r.account_key || (r.values->>'agreement')"
_SITE = "(r.values->'site') - '{kind}'::text[]"


@dataclass(frozen=True)
class _Check:
    """A key that one owner may have, in SQL of our own."""

    code: str
    field: str
    key: str
    owner: str
    reason: Any
    condition: str = "true"
    source: str = _ROWS


_CHECKS = (
    _Check(
        "DUPLICATE_KEY",
        "contract_key",
        "r.contract_key",
        "r.number",
        _("Row {row} has this contract number already."),
    ),
    _Check(
        "DUPLICATE_KEY",
        "account_key",
        "r.account_key",
        "r.number",
        _("Row {row} has this customer already."),
        condition="r.contract_key = ''",
    ),
    _Check(
        "OTHER_CUSTOMER",
        "account_key",
        "r.account_key",
        _IDENTITY,
        _("Row {row} says something else of the customer with this number."),
    ),
    _Check(
        "DUPLICATE_CUSTOMER",
        "tax_id",
        f"{_ACCOUNT}->>'tax_id'",
        "r.account_key",
        _("Row {row} has this tax number for another customer."),
    ),
    _Check(
        "DUPLICATE_ERP_NUMBER",
        "account_erp_number",
        f"{_ACCOUNT}->>'erp_number'",
        "r.account_key",
        _("Row {row} has this ERP number for another customer."),
    ),
    _Check(
        "DUPLICATE_ERP_NUMBER",
        "agreement_erp_number",
        "r.values->'agreement'->>'erp_number'",
        _PAYER,
        _("Row {row} has this ERP number for another agreement."),
    ),
    _Check(
        "DUPLICATE_ERP_NUMBER",
        "contract_erp_number",
        "r.values->'contract'->>'erp_number'",
        "r.number",
        _("Row {row} has this ERP number for another contract."),
    ),
    _Check(
        "DUPLICATE_ERP_NUMBER",
        "grid_erp_number",
        "r.values->'contract'->>'grid_erp_number'",
        "r.number",
        _("Row {row} has this ERP number for another contract."),
    ),
    _Check(
        "OTHER_PLACE",
        "pod_id",
        "r.pod_id",
        _SITE,
        _("Row {row} has another address for this point of delivery."),
    ),
)

LOOKALIKE = _Check(
    "LOOKALIKE",
    "account_key",
    "(r.values->>'name') || '|' || (c->>1)",
    "r.account_key",
    _("Row {row} has the same name and telephone or e-mail under another number."),
    source=_CONTACTS,
)


def compare_rows(file_import: FileImport) -> None:
    """Note what contradicts an earlier row, and mark rows with errors as bad."""
    for check in _CHECKS:
        _note(file_import, check, Severity.ERROR)
    _note(file_import, LOOKALIKE, severity_of_lookalikes(file_import))
    run(
        _INSERT + _OVERLAPS,
        _facts(
            file_import,
            field="starts_on",
            code="OVERLAP",
            reason=_("The contract of row {row} has the point of delivery at that time."),
        ),
    )
    run(_MARK_BAD, {"id": file_import.pk})


def severity_of_lookalikes(file_import: FileImport) -> Severity:
    """Return whether customers who look like others are kept out."""
    return Severity.WARNING if file_import.allows_lookalikes else Severity.ERROR


def _note(file_import: FileImport, check: _Check, severity: Severity) -> None:
    statement = (
        _OWNED.replace("KEY", check.key)
        .replace("OWNER", check.owner)
        .replace("SOURCE", check.source)
        .replace("CONDITION", check.condition)
    )
    facts = _facts(
        file_import, field=check.field, code=check.code, reason=check.reason, severity=severity
    )
    run(_INSERT + statement, facts)


def _facts(
    file_import: FileImport,
    *,
    field: str,
    code: str,
    reason: Any,
    severity: Severity = Severity.ERROR,
) -> dict[str, Any]:
    return {
        "id": file_import.pk,
        "column": file_import.mapping.get(field, -1),
        "field": field,
        "severity": severity.value,
        "code": code,
        "reason": str(reason),
    }
