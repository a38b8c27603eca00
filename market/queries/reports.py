"""How far a report to a supplier is."""

from __future__ import annotations

from events.models import Lane
from market.models import SupplierReport

FIGURES = "supplier-figures"
"""The destination of reports whose figures are to be taken."""


def lane_of(report: SupplierReport) -> Lane | None:
    """Return the lane in which a report waits for its figures; it says what is in the way."""
    return Lane.objects.filter(destination=FIGURES, ordering_key=report.lane).first()
