"""The handler of the destination ``supplier-report``: a lane for each supplier."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.services.handling import (
    Done,
    Envelope,
    Handler,
    NotApplied,
    NotFound,
    Outcome,
    Refused,
    Unknown,
)
from market.gateway.suppliers import Inbox, Receipt, SupplierFailure, inbox_of
from market.gateway.suppliers.shapes import FailureKind
from market.models import SupplierEndpoint, SupplierReport
from market.services.reporting.telling import forecast_of
from utilcrm import clock


class ReportHandler(Handler):
    """Speaks with a supplier; the message's id is the delivery's id."""

    kinds: ClassVar[Mapping[str, Any]] = {"report": gettext_lazy("Report to a supplier")}

    def deliver(self, envelope: Envelope) -> Outcome:
        """Hand the report over; the supplier answers at once, with its receipt."""
        report = _report(envelope)

        def hand_over(inbox: Inbox) -> Receipt:
            return inbox.submit(envelope.delivery_id, forecast_of(report))

        return _ask(report, hand_over)

    def query(self, envelope: Envelope) -> Outcome:
        """Ask whether the report has arrived."""
        return _ask(_report(envelope), lambda inbox: inbox.receipt_of(envelope.delivery_id))

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Note the supplier's receipt."""
        report = _lock(envelope)
        report.mark_confirmed(receipt=outcome.external_ref, at=clock.now())

    def refused(self, envelope: Envelope, outcome: Refused) -> None:
        """Note what the supplier does not like."""
        report = _lock(envelope)
        report.mark_rejected(code=outcome.code, text=outcome.text, at=clock.now())

    def refreshed(self, envelope: Envelope) -> Mapping[str, Any]:
        """Send the same figures anew."""
        report = _lock(envelope)
        if report.is_rejected:
            report.mark_sending(channel=report.channel, at=clock.now())
        return envelope.payload


def _ask(report: SupplierReport, question: Callable[[Inbox], Receipt | None]) -> Outcome:
    endpoint = SupplierEndpoint.objects.filter(supplier_id=report.supplier_id).first()
    if endpoint is None:
        return NotApplied(
            _("It is not set up how %(supplier)s takes reports.") % {"supplier": report.supplier}
        )
    try:
        inbox = inbox_of(endpoint)
    except KeyError:
        return NotApplied(_("This supplier takes files only, since the report was sent."))
    try:
        receipt = question(inbox)
    except SupplierFailure as failure:
        return _of_failure(failure)
    return NotFound() if receipt is None else Done(external_ref=receipt.number)


def _of_failure(failure: SupplierFailure) -> Outcome:
    if failure.kind is FailureKind.REFUSED:
        return Refused(code=failure.code, field=failure.field, text=failure.text)
    if failure.kind is FailureKind.UNKNOWN:
        return Unknown(failure.text)
    return NotApplied(failure.text, reached=failure.kind is FailureKind.LATER)


def _report(envelope: Envelope) -> SupplierReport:
    return SupplierReport.objects.select_related("supplier").get(uuid=_subject(envelope))


def _lock(envelope: Envelope) -> SupplierReport:
    return SupplierReport.objects.select_for_update(of=("self",)).get(uuid=_subject(envelope))


def _subject(envelope: Envelope) -> uuid.UUID:
    return uuid.UUID(envelope.payload["subject_uuid"])
