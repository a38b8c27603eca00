"""
Expected consumption by month: what a supplier has to deliver.

A contract's part of a month is its expected consumption per year, times the month's share of its
load profile, times the days on which it is supplied under the agreement over the days of the month.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from contracts.choices import NOT_SUPPLIED
from contracts.models import ItemSupplier
from products.queries.costing import add_months
from utilcrm.db.staging import fetch

# Contracts are first put together by the days that they cover: there are few such spans and
# millions of contracts, so that twelve months cost as much as one.
_FORECAST = """
    WITH spans AS MATERIALIZED (
        SELECT r.agreement_id, i.division, c.segment,
            greatest(r.valid_from, i.starts_on, %(first)s::date) AS since,
            least(r.valid_to, i.ends_on, %(end)s::date) AS until,
            count(*) AS points, coalesce(sum(i.expected_annual_kwh), 0) AS annual_kwh,
            count(*) FILTER (WHERE i.expected_annual_kwh IS NULL) AS unknown
        FROM contracts_itemsupplier r
        JOIN products_supplyagreement a ON a.id = r.agreement_id
        JOIN contracts_contractitem i ON i.id = r.item_id
        JOIN (SELECT t.id, u.segment FROM contracts_contract t
            JOIN accounts_account u ON u.id = t.account_id) c ON c.id = i.contract_id
        WHERE r.valid_from < %(end)s AND (r.valid_to IS NULL OR r.valid_to > %(first)s)
            AND i.starts_on < %(end)s AND (i.ends_on IS NULL OR i.ends_on > %(first)s)
            AND i.status <> ALL(%(not_supplied)s)
            AND (%(supplier)s::bigint IS NULL OR a.supplier_id = %(supplier)s)
        GROUP BY 1, 2, 3, 4, 5
    ), months AS (
        SELECT m::date AS month, (m + interval '1 month')::date AS next,
            extract(month FROM m)::int AS number
        FROM generate_series(%(first)s::timestamp, %(end)s::timestamp - interval '1 day',
            interval '1 month') m
    )
    SELECT s.agreement_id, s.division, s.segment, m.month,
        coalesce(sum(s.points) FILTER (WHERE s.until >= m.next AND s.since < m.next), 0),
        round(sum(s.annual_kwh * coalesce(h.share, 1.0 / 12)
            * (least(s.until, m.next) - greatest(s.since, m.month)) / (m.next - m.month)), 3),
        coalesce(sum(s.unknown) FILTER (WHERE s.until >= m.next AND s.since < m.next), 0)
    FROM spans s
    JOIN months m ON s.since < m.next AND s.until > m.month AND s.since < s.until
    LEFT JOIN products_loadprofile p ON p.division = s.division AND p.segment = s.segment
    LEFT JOIN products_loadprofileshare h ON h.profile_id = p.id AND h.month = m.number
    GROUP BY 1, 2, 3, 4
    ORDER BY 4, 1, 2, 3
"""


@dataclass(frozen=True)
class ForecastLine:
    """
    One agreement's month for one division and segment.

    `points` are the points of delivery supplied on the month's last day, `without_expectation`
    those of them whose consumption nobody knows: they count as 0 kWh.
    """

    agreement_id: int
    division: str
    segment: str
    month: dt.date
    points: int
    expected_kwh: Decimal
    without_expectation: int


def forecast(*, first: dt.date, months: int, supplier_id: int | None = None) -> list[ForecastLine]:
    """Return what is expected to flow in some months, `first` being the first day of the first."""
    rows = fetch(
        _FORECAST,
        {
            "first": first,
            "end": add_months(first, months),
            "supplier": supplier_id,
            "not_supplied": sorted(one.value for one in NOT_SUPPLIED),
        },
    )
    return [
        ForecastLine(agreement_id, division, segment, month, int(points), kwh, int(unknown))
        for agreement_id, division, segment, month, points, kwh, unknown in rows
    ]


def is_supplied(*, supplier_id: int, first: dt.date, months: int) -> bool:
    """Say at once whether a supplier feeds anything in some months; not all of it need count."""
    return (
        ItemSupplier.objects.filter(
            agreement__supplier_id=supplier_id, valid_from__lt=add_months(first, months)
        )
        .exclude(valid_to__lte=first)
        .exists()
    )


def months_between(first: dt.date, last: dt.date) -> int:
    """Return how many months lie between two days' months."""
    return (last.year - first.year) * 12 + last.month - first.month
