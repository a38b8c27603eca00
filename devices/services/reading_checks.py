"""Readings as somebody gave them: possible, plausible, or in need of an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from devices.choices import ReadingAnswer, ReadingFinding, ReadingReason, ReadingStatus
from devices.models import MeterReading, Register
from devices.services.plausibility import Assessment, assess
from devices.services.recording import InvalidMeter, check_reading
from utilcrm import clock

ANSWERS: dict[str, frozenset[str]] = {
    ReadingFinding.LOWER: frozenset({ReadingAnswer.ROLLOVER, ReadingAnswer.NEW_METER}),
    ReadingFinding.TOO_HIGH: frozenset({ReadingAnswer.PHOTO, ReadingAnswer.READ_AGAIN}),
    ReadingFinding.TOO_LOW: frozenset({ReadingAnswer.PHOTO, ReadingAnswer.READ_AGAIN}),
}
"""What may be said to an odd value."""


class ReadingRefused(ValueError):
    """The readings cannot be taken up; `field` names the field, of a register if it ends in one."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class ReadingsNeedAnswers(Exception):
    """Some values are odd: nothing is taken up until somebody has said why they are right."""

    def __init__(self, open_findings: Mapping[int, Assessment]) -> None:
        super().__init__(_("Please say why this reading is right, or correct it."))
        self.open_findings = dict(open_findings)


@dataclass(frozen=True)
class GivenValue:
    """
    What a register showed, and what was said to it.

    `again` is the value read a second time; `photo` a picture of the meter (name, content).
    """

    register: Register
    value: Decimal
    answers: frozenset[str] = frozenset()
    again: Decimal | None = None
    photo: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class GivenReadings:
    """What all registers of a meter showed on a day, and who says so."""

    read_on: dt.date
    source: str
    values: Sequence[GivenValue]
    reason: str = ReadingReason.INTERIM
    new_serial_number: str = ""


def check_given(given: GivenReadings, *, annual_kwh: int | None) -> dict[int, Assessment]:
    """
    Compare given values with what was to be expected, by register.

    :raises ReadingRefused: if a value or the day is impossible
    :raises ReadingsNeedAnswers: if values are odd and nobody has said why they are right
    """
    assessed = assess_given(given, annual_kwh=annual_kwh)
    unanswered = {
        one.register.pk: found
        for one in given.values
        if (found := assessed[one.register.pk]).finding and not _is_answered(one, found, given)
    }
    if unanswered:
        raise ReadingsNeedAnswers(unanswered)
    return assessed


def assess_given(given: GivenReadings, *, annual_kwh: int | None) -> dict[int, Assessment]:
    """
    Compare given values with what was to be expected, by register, and ask nothing.

    :raises ReadingRefused: if a value or the day is impossible
    """
    if given.read_on > clock.today():
        raise ReadingRefused("read_on", _("This day has not come yet."))
    for one in given.values:
        _check_value(one, given)
    return {
        one.register.pk: assess(
            register=one.register,
            value=one.value,
            read_on=given.read_on,
            annual_kwh=annual_kwh,
            is_rollover=ReadingAnswer.ROLLOVER in one.answers,
        )
        for one in given.values
    }


def _check_value(one: GivenValue, given: GivenReadings) -> None:
    register = one.register
    name = f"value_{register.code}"
    try:
        check_reading(one.value, digits=register.digits, decimals=register.decimals)
    except InvalidMeter as fault:
        raise ReadingRefused(name, str(fault)) from fault
    standing = (
        MeterReading.objects.filter(register=register, read_on=given.read_on, reason=given.reason)
        .exclude(status=ReadingStatus.REJECTED)
        .first()
    )
    if standing is not None:
        raise ReadingRefused(
            name,
            _("A reading of that day is here already: %(value)s.")
            % {"value": f"{standing.value.normalize():f}"},
        )
    later = (
        MeterReading.objects.filter(
            register=register, read_on__gt=given.read_on, value__lt=one.value
        )
        .exclude(status=ReadingStatus.REJECTED)
        .order_by("read_on")
        .first()
    )
    if later is not None and ReadingAnswer.ROLLOVER not in one.answers:
        raise ReadingRefused(
            name,
            _("It showed less on a later day: %(value)s on %(day)s.")
            % {"value": f"{later.value.normalize():f}", "day": later.read_on},
        )


def _is_answered(one: GivenValue, found: Assessment, given: GivenReadings) -> bool:
    answers = one.answers & ANSWERS[found.finding]
    if ReadingAnswer.NEW_METER in one.answers:
        # The count of another meter cannot be compared with this one's.
        return bool(given.new_serial_number)
    if ReadingAnswer.READ_AGAIN in answers and one.again == one.value:
        return True
    return ReadingAnswer.PHOTO in answers and one.photo is not None
