"""The product names of a file, and the products of our own that they can stand for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from migration_import.models import FileImport
from products.models import Product
from utilcrm.db.staging import fetch


@dataclass(frozen=True)
class FoundNames:
    """Names with their rows by division; how many there are in all, and how many nobody saw."""

    names: list[tuple[str, dict[str, int]]]
    total: int = 0
    unseen: int = 0


def product_names(
    file_import: FileImport,
    *,
    divisions: Mapping[str, str],
    seen: Mapping[str, str],
    limit: int,
) -> FoundNames:
    """
    Return names with their rows by our division, "" where it is not known.

    `divisions` is what the values of the file's division stand for. Those nobody has `seen` come
    first, then those without a product, the commonest first in each.
    """
    mapping = file_import.mapping
    rows = fetch(
        r"""
        SELECT value, array_agg(division ORDER BY division),
            array_agg(lines ORDER BY division), count(*) OVER (),
            count(*) FILTER (WHERE value <> ALL(%(asked)s)) OVER ()
        FROM (
            SELECT btrim(regexp_replace(raw->>%(column)s::int, '\s+', ' ', 'g')) AS value,
                coalesce(
                    %(divisions)s::jsonb
                        ->> btrim(regexp_replace(raw->>%(division)s::int, '\s+', ' ', 'g')),
                    ''
                ) AS division,
                count(*) AS lines
            FROM migration_import_importrow WHERE file_import_id = %(id)s GROUP BY 1, 2
        ) x WHERE value <> '' GROUP BY value
        ORDER BY CASE WHEN value = ANY(%(known)s) THEN 2 WHEN value = ANY(%(asked)s) THEN 1
            ELSE 0 END, sum(lines) DESC, value
        LIMIT %(limit)s
        """,
        {
            "id": file_import.pk,
            "column": mapping["product_code"],
            "division": mapping.get("division"),
            "divisions": json.dumps(dict(divisions)),
            "known": [name for name, code in seen.items() if code],
            "asked": list(seen),
            "limit": limit,
        },
    )
    names = [
        (value, dict(zip(divisions, lines, strict=True)))
        for value, divisions, lines, _total, _unseen in rows
    ]
    return FoundNames(names, *rows[0][3:]) if rows else FoundNames(names)


def our_products() -> list[Any]:
    """Return every product, by name: those that are not sold any more have contracts too."""
    return list(Product.objects.order_by("name", "code"))
