"""Readings that a customer gives, or that we read: taken up, and reported to the ERP."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from correspondence.models import Document
from correspondence.services.documents import Customer
from correspondence.services.uploading import store_upload
from devices.choices import ReadingAnswer, ReadingStatus
from devices.models import MeterReading, ReadingReport, ReportedValue
from devices.services.plausibility import Assessment
from devices.services.reading_checks import (
    GivenReadings,
    GivenValue,
    ReadingRefused,
    ReadingsNeedAnswers,
    check_given,
)
from devices.services.reading_outcomes import tell_report
from premises.models import PointOfDelivery

__all__ = [
    "GivenReadings",
    "GivenValue",
    "ReadingRefused",
    "ReadingsNeedAnswers",
    "correct_readings",
    "report_readings",
    "withdraw_report",
]


@transaction.atomic
def report_readings(
    *,
    pod: PointOfDelivery,
    serial_number: str,
    given: GivenReadings,
    annual_kwh: int | None,
    customer: Customer | None,
    actor: User,
) -> ReadingReport:
    """
    Take readings up and report them to the ERP; odd ones with an answer are to be checked.

    :param annual_kwh: expected use at the point of delivery, for registers without a history
    :raises ReadingRefused: if a value or the day is impossible
    :raises ReadingsNeedAnswers: if values are odd and nobody has said why they are right
    """
    PointOfDelivery.objects.select_for_update().get(pk=pod.pk)
    assessed = check_given(given, annual_kwh=annual_kwh)
    report = ReadingReport.objects.create(
        pod=pod,
        account_uuid=customer.account_uuid if customer else None,
        serial_number=serial_number,
        new_serial_number=given.new_serial_number,
        read_on=given.read_on,
        reason=given.reason,
        source=given.source,
        taken_by_id=actor.pk,
    )
    _write_values(report, given, assessed, customer=customer, actor=actor)
    tell_report("devices.reading.reported", report, actor=actor)
    return report


@transaction.atomic
def correct_readings(
    *,
    report: ReadingReport,
    version: int | None,
    given: GivenReadings,
    annual_kwh: int | None,
    customer: Customer | None,
    actor: User,
) -> ReadingReport:
    """
    Replace readings that the ERP has refused, and send them again.

    :raises ReadingRefused: if a value or the day is impossible, or nothing waits for a correction
    :raises ReadingsNeedAnswers: if values are odd and nobody has said why they are right
    :raises utilcrm.db.models.StaleVersion: if somebody has corrected them meanwhile
    """
    report = ReadingReport.objects.select_for_update().get(pk=report.pk)
    report.require_version(version)
    if not report.is_refused:
        raise ReadingRefused("", _("The ERP has not refused these readings."))
    MeterReading.objects.filter(reported__report=report, status=ReadingStatus.REJECTED).delete()
    assessed = check_given(given, annual_kwh=annual_kwh)
    report.values.all().delete()
    report.read_on, report.source, report.reason = given.read_on, given.source, given.reason
    report.new_serial_number = given.new_serial_number
    report.save(update_fields=["read_on", "source", "reason", "new_serial_number", "updated_at"])
    _write_values(report, given, assessed, customer=customer, actor=actor)
    report.mark_queued()
    tell_report("devices.reading.corrected", report, actor=actor)
    return report


@transaction.atomic
def withdraw_report(*, report: ReadingReport, actor: User) -> ReadingReport:
    """
    Take back readings that the ERP has refused.

    :raises ReadingRefused: if nothing was refused
    """
    report = ReadingReport.objects.select_for_update().get(pk=report.pk)
    if not report.is_refused:
        raise ReadingRefused("", _("The ERP has not refused these readings."))
    report.mark_withdrawn(at=timezone.now())
    tell_report("devices.reading.withdrawn", report, actor=actor)
    return report


def _write_values(
    report: ReadingReport,
    given: GivenReadings,
    assessed: Mapping[int, Assessment],
    *,
    customer: Customer | None,
    actor: User,
) -> None:
    for one in given.values:
        found = assessed[one.register.pk]
        is_odd = bool(found.finding or one.answers)
        MeterReading.objects.filter(
            register=one.register,
            read_on=given.read_on,
            reason=given.reason,
            status=ReadingStatus.REJECTED,
        ).delete()
        reading = None
        if not given.new_serial_number:
            reading = MeterReading.objects.create(
                register=one.register,
                read_on=given.read_on,
                value=one.value,
                reason=given.reason,
                source=given.source,
                status=ReadingStatus.TO_CHECK if is_odd else ReadingStatus.PLAUSIBLE,
            )
        ReportedValue.objects.create(
            report=report,
            register=one.register,
            reading=reading,
            value=one.value,
            previous=found.previous.value if found.previous else None,
            previous_on=found.previous.read_on if found.previous else None,
            low=found.low,
            high=found.high,
            finding=found.finding,
            answer=_answer(one),
            photo=_store(one, report, customer=customer, actor=actor),
        )


def _answer(one: GivenValue) -> str:
    """Return the answer that is kept: how the count went on before who has seen it."""
    order = (
        ReadingAnswer.NEW_METER,
        ReadingAnswer.ROLLOVER,
        ReadingAnswer.PHOTO,
        ReadingAnswer.READ_AGAIN,
    )
    return next((answer for answer in order if answer in one.answers), "")


def _store(
    one: GivenValue, report: ReadingReport, *, customer: Customer | None, actor: User
) -> Document | None:
    if one.photo is None or customer is None:
        return None
    name, content = one.photo
    title = _("Photo of meter %(number)s") % {"number": report.serial_number}
    return store_upload(
        name=name, content=content, subject=report, customer=customer, title=title, actor=actor
    )
