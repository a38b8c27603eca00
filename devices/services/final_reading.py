"""What a meter showed when a customer left: kept here, sent to the ERP with the end itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from devices.choices import ReadingReason, ReadingSource, ReadingStatus
from devices.models import MeterReading, Register
from devices.services.plausibility import Assessment
from devices.services.reading_checks import GivenReadings, GivenValue, assess_given
from premises.models import PointOfDelivery

FINAL = ReadingReason.MOVE_OUT
"""The reason of every final reading, however the contract ends."""


def assess_final(
    *, read_on: dt.date, values: Mapping[Register, Decimal], annual_kwh: int | None
) -> dict[int, Assessment]:
    """
    Compare final readings with what was to be expected, by register.

    :raises devices.services.reading_checks.ReadingRefused: if a value or the day is impossible
    """
    given = GivenReadings(
        read_on=read_on,
        source=ReadingSource.CUSTOMER,
        reason=FINAL,
        values=[GivenValue(register, value) for register, value in values.items()],
    )
    return assess_given(given, annual_kwh=annual_kwh)


@transaction.atomic
def keep_final(
    *, read_on: dt.date, values: Mapping[Register, Decimal], annual_kwh: int | None
) -> list[MeterReading]:
    """
    Take final readings up; odd ones are to be checked.

    :raises devices.services.reading_checks.ReadingRefused: if a value or the day is impossible
    """
    assessed = assess_final(read_on=read_on, values=values, annual_kwh=annual_kwh)
    refused = MeterReading.objects.filter(
        register__in=list(values), read_on=read_on, reason=FINAL, status=ReadingStatus.REJECTED
    )
    refused.delete()
    return [
        MeterReading.objects.create(
            register=register,
            read_on=read_on,
            value=value,
            reason=FINAL,
            source=ReadingSource.CUSTOMER,
            status=ReadingStatus.TO_CHECK
            if assessed[register.pk].finding
            else ReadingStatus.PLAUSIBLE,
        )
        for register, value in values.items()
    ]


def reject_final(*, pod: PointOfDelivery, read_on: dt.date, values: Mapping[str, Decimal]) -> int:
    """
    Let final readings count no more, because nobody leaves; return how many.

    :param values: what was read, by the register's code
    """
    at_pod = Q(register__device_info_record__pod=pod) | Q(register__device__installations__pod=pod)
    same = Q(pk__in=[])
    for code, value in values.items():
        same |= Q(register__code=code, value=value)
    found = MeterReading.objects.filter(at_pod, same, read_on=read_on, reason=FINAL)
    return MeterReading.objects.filter(pk__in=found.values("pk")).update(
        status=ReadingStatus.REJECTED, updated_at=timezone.now()
    )
