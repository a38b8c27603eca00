"""Send a report, or have a person upload it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from events.models import Delivery
from events.services import mending
from events.services.recording import record
from market.choices import ReportChannel
from market.models import SupplierEndpoint, SupplierReport
from market.services.reporting.making import ReportRefused, nothing_supplied
from utilcrm import clock

DESTINATION = "supplier-report"


@transaction.atomic
def send_report(
    *, report_id: int, version: int | None = None, actor: User | None = None
) -> SupplierReport:
    """
    Send a draft the way that its supplier takes reports; a file becomes a task for a person.

    :raises ReportRefused: if it has no figures, was sent already, or the supplier has no inbox any
        more
    :raises utilcrm.db.models.StaleVersion: if somebody was quicker
    """
    report = _lock(report_id).require_version(version)
    if report.is_counting:
        raise ReportRefused(_("Its figures are still being taken."))
    if not report.is_draft:
        raise ReportRefused(_("The report was sent already."))
    if not report.lines.exists():
        raise nothing_supplied(report.supplier)
    endpoint = SupplierEndpoint.objects.filter(
        supplier_id=report.supplier_id, is_active=True
    ).first()
    if endpoint is None:
        raise ReportRefused(
            _("It is not set up how %(supplier)s takes reports.") % {"supplier": report.supplier}
        )
    if endpoint.channel == ReportChannel.FILE:
        due_on = clock.today() + dt.timedelta(days=endpoint.upload_days)
        report.mark_to_upload(due_on=due_on, at=clock.now())
        _record("market.report.made_for_upload", report, actor)
    else:
        report.mark_sending(channel=endpoint.channel, at=clock.now())
        _record("market.report.sent", report, actor)
    return report


@transaction.atomic
def mark_uploaded(
    *, report_id: int, note: str, version: int | None = None, actor: User
) -> SupplierReport:
    """
    Note that a person has uploaded the file at the supplier's portal.

    :param note: what the portal said, such as its own number for the upload
    :raises ReportRefused: if the report waits for no upload
    :raises utilcrm.db.models.StaleVersion: if somebody was quicker
    """
    report = _lock(report_id).require_version(version)
    if not report.waits_for_upload:
        raise ReportRefused(_("The report waits for no upload."))
    report.mark_uploaded(by=actor, note=note, at=clock.now())
    _record("market.report.uploaded", report, actor)
    return report


@transaction.atomic
def send_again(*, report_id: int, reason: str, actor: User) -> SupplierReport:
    """
    Send a refused report once more, as it is: the supplier has mended something on its side.

    :raises ReportRefused: if it was not refused
    """
    report = _lock(report_id)
    delivery = stopped_delivery(report)
    if not report.is_rejected or delivery is None:
        raise ReportRefused(_("Only a refused report can be sent again."))
    try:
        mending.retry(delivery=delivery, actor=actor, reason=reason)
    except mending.DeliveryNotStopped as exc:
        raise ReportRefused(_("Only a refused report can be sent again.")) from exc
    report.refresh_from_db()
    return report


def stopped_delivery(report: SupplierReport) -> Delivery | None:
    """Return the message of a report that waits for a person."""
    return Delivery.objects.filter(
        destination=DESTINATION,
        ordering_key=report.lane,
        payload__subject_uuid=str(report.uuid),
        state="PARKED",
    ).first()


def _lock(report_id: int) -> SupplierReport:
    return (
        SupplierReport.objects.select_for_update(of=("self",))
        .select_related("supplier")
        .get(pk=report_id)
    )


def _record(name: str, report: SupplierReport, actor: User | None) -> None:
    record(
        name,
        subject=report,
        payload={
            "supplier_uuid": str(report.supplier.uuid),
            "month": report.month.isoformat(),
            "revision": report.revision,
            "channel": report.channel,
        },
        actor=actor,
    )
