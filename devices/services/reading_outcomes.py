"""What the ERP makes of reported readings."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from access.models import User
from devices.choices import ReadingStatus, ReportStatus
from devices.models import MeterReading, ReadingReport
from events.services import recording


@transaction.atomic
def mark_report_sent(*, report_uuid: uuid.UUID) -> None:
    """Note that the ERP has the message."""
    report = _lock(report_uuid)
    if report.status == ReportStatus.QUEUED:
        report.mark_sent()


@transaction.atomic
def confirm_report(*, report_uuid: uuid.UUID, erp_number: str) -> None:
    """Note that the ERP has taken the readings up; repetition changes nothing."""
    report = _lock(report_uuid)
    if report.status == ReportStatus.CONFIRMED:
        return
    report.mark_confirmed(erp_number=erp_number, at=timezone.now())
    tell_report("devices.reading.confirmed", report, actor=None)


@transaction.atomic
def refuse_report(*, report_uuid: uuid.UUID, code: str, field: str, text: str) -> None:
    """Note the ERP's refusal; its readings count no more."""
    report = _lock(report_uuid)
    if report.is_refused:
        return
    report.mark_refused(code=code, field=field, text=text)
    MeterReading.objects.filter(reported__report=report).update(
        status=ReadingStatus.REJECTED, updated_at=timezone.now()
    )
    tell_report("devices.reading.refused", report, actor=None, text=text)


def tell_report(name: str, report: ReadingReport, *, actor: User | None, **payload: str) -> None:
    """Record what happened with reported readings, under their customer."""
    recording.record(
        name,
        subject=report,
        actor=actor,
        account_uuid=report.account_uuid,
        payload={
            "pod_uuid": str(report.pod.uuid),
            "serial_number": report.serial_number,
            "read_on": report.read_on.isoformat(),
            **payload,
        },
    )


def _lock(report_uuid: uuid.UUID) -> ReadingReport:
    return ReadingReport.objects.select_for_update().get(uuid=report_uuid)
