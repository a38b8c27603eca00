"""The version guard: an older version of an object never overwrites a newer one."""

from __future__ import annotations

from collections.abc import Iterable

from billing_sync.gateway.changes import Change
from utilcrm.db.staging import Staging, fetch

# One statement asks and notes: a row comes back only for what is newer than what was taken.
_TAKE = """
    INSERT INTO billing_sync_objectversion AS v
        (object_type, erp_key, version, changed_at, changed_by)
    SELECT DISTINCT ON (object_type, erp_key)
        object_type, erp_key, version, changed_at, changed_by
    FROM pg_temp.stage_version ORDER BY object_type, erp_key, version DESC
    ON CONFLICT (object_type, erp_key) DO UPDATE
        SET version = excluded.version, changed_at = excluded.changed_at,
            changed_by = excluded.changed_by
        WHERE v.version < excluded.version
    RETURNING object_type, erp_key, version
"""


def take_newer(changes: Iterable[Change]) -> list[Change]:
    """
    Note the versions of what is newer than what was taken before, and return only that.

    Of two versions of one object in the same page the higher one counts. Runs in the caller's
    transaction: what is not committed was not taken.
    """
    offered = list(changes)
    staging = Staging(
        "stage_version",
        {
            "object_type": "text",
            "erp_key": "text",
            "version": "bigint",
            "changed_at": "timestamptz",
            "changed_by": "text",
        },
    )
    staging.fill(
        (one.object_type, one.key, one.version, one.at.isoformat(), one.by[:80]) for one in offered
    )
    taken = {(kind, key): version for kind, key, version in fetch(_TAKE)}
    return [one for one in offered if taken.get((one.object_type, one.key)) == one.version]
