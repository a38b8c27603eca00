"""A report's frozen figures as the message that goes out."""

from __future__ import annotations

from market.gateway.suppliers import Forecast, ForecastLine
from market.models import SupplierReport


def forecast_of(report: SupplierReport) -> Forecast:
    """Return the message of a report: the same at each call, once it is no draft any more."""
    lines = report.lines.select_related("agreement").order_by(
        "month", "agreement__number", "division", "segment"
    )
    return Forecast(
        customer_number=report.supplier.our_number,
        month=report.month,
        revision=report.revision,
        lines=tuple(
            ForecastLine(
                agreement=line.agreement.number,
                division=line.division,
                segment=line.segment,
                month=line.month,
                points=line.points,
                expected_kwh=line.expected_kwh,
            )
            for line in lines
        ),
    )
