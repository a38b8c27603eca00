"""The handler of the destination ``supplier-figures``: what takes long is a worker's to do."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from contracts.queries.supplying.forecast import ForecastLine
from events.services.handling import Done, Envelope, Handler, Outcome
from market.models import SupplierReport
from market.services.reporting.making import figures_of, keep_figures


class FiguresHandler(Handler):
    """
    Takes the figures of a report, then keeps them with the note that they are taken.

    They are read outside any transaction and written in the one that finishes the message: a
    worker that dies leaves nothing half done, and the next one takes them anew.
    """

    kinds: ClassVar[Mapping[str, Any]] = {
        "count": gettext_lazy("Figures of a report to a supplier")
    }

    def __init__(self) -> None:
        self._lines: list[ForecastLine] | None = None

    def deliver(self, envelope: Envelope) -> Outcome:
        """Take them; reading twice is as once, so no failure is ever of unknown outcome."""
        report = SupplierReport.objects.get(uuid=_subject(envelope))
        if report.is_counting:
            self._lines = figures_of(report)
        return Done()

    def query(self, envelope: Envelope) -> Outcome:
        """Take them again, after the worker died."""
        return self.deliver(envelope)

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Keep them, unless another worker has."""
        rows = SupplierReport.objects.select_for_update(of=("self",))
        report = rows.get(uuid=_subject(envelope))
        if report.is_counting and self._lines is not None:
            keep_figures(report, self._lines)


def _subject(envelope: Envelope) -> uuid.UUID:
    return uuid.UUID(envelope.payload["subject_uuid"])
