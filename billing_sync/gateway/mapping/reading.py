"""Reported readings as the ERP's meter reading documents."""

from __future__ import annotations

from typing import Any

from billing_sync.gateway.mapping.values import day, decimal, reference, without_blanks
from devices.choices import ReadingAnswer
from devices.models import ReadingReport


def meter_reading_document(report: ReadingReport) -> dict[str, Any]:
    """Return what all registers of one meter showed on a day."""
    return without_blanks(
        ExternalReference=str(report.uuid),
        PointOfDelivery=reference(report.pod.uuid, report.pod.erp_number),
        SerialNumber=report.serial_number,
        ReadingDate=day(report.read_on),
        ReasonCode=report.reason,
        ReaderCode=report.source,
        NewSerialNumber=report.new_serial_number,
        Result=[
            {
                "RegisterID": one.register.code,
                "Value": decimal(one.value),
                "RolloverIndicator": one.answer == ReadingAnswer.ROLLOVER,
                "ToBeCheckedIndicator": bool(one.finding or one.answer),
            }
            for one in report.values.select_related("register").order_by("register__code")
        ],
    )
