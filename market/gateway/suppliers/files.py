"""A report as a file, for suppliers that have only a portal."""

from __future__ import annotations

import csv
import io

from market.gateway.suppliers.shapes import Forecast

HEADER = (
    "customer_number", "period", "revision", "agreement", "commodity", "customer_group", "month",
    "points", "expected_kwh",
)  # fmt: skip


def as_csv(forecast: Forecast) -> bytes:
    """Return the report as CSV: UTF-8, comma, CRLF (RFC 4180), a header, a point in numbers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for line in forecast.lines:
        writer.writerow(
            (
                _text(forecast.customer_number),
                forecast.year_month,
                forecast.revision,
                _text(line.agreement),
                line.commodity,
                line.group,
                line.year_month,
                line.points,
                format(line.expected_kwh, "f"),
            )
        )
    return out.getvalue().encode()


def file_name(forecast: Forecast) -> str:
    """Return what the file is called."""
    return f"forecast-{forecast.year_month}-{forecast.revision}.csv"


def _text(value: str) -> str:
    """Keep a spreadsheet from taking what somebody typed for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
