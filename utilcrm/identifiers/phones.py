"""Telephone numbers: E.164 as the key that the telephone system finds a caller by."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from utilcrm.identifiers.errors import InvalidIdentifier

# Some countries do not tell mobile numbers from others.
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number in the form machines compare, and the form people read."""

    e164: str
    display: str
    is_mobile: bool


def read_phone(raw: str, region: str) -> Phone:
    """
    Return what a typed number is; `region` ("GB") reads a number without country code.

    :raises InvalidIdentifier: if no subscriber can have this number
    """
    if not raw.strip():
        raise InvalidIdentifier("EMPTY", _("Enter the telephone number."))
    try:
        number = phonenumbers.parse(raw, region)
    except NumberParseException as error:
        raise InvalidIdentifier(*_parse_failure(error, raw)) from None
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        raise InvalidIdentifier(*_impossible(number))
    return Phone(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        display=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        is_mobile=kind in _MOBILE,
    )


def normalise_phone(raw: str, region: str) -> str:
    """
    Return the number in E.164, such as +442079460958.

    :raises InvalidIdentifier: if no subscriber can have this number
    """
    return read_phone(raw, region).e164


def _impossible(number: PhoneNumber) -> tuple[str, str]:
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return "LENGTH", _("Digits are missing: this number is too short, or lacks its area code.")
    if verdict == ValidationResult.TOO_LONG:
        return "LENGTH", _("This number has too many digits.")
    return "FORMAT", _(
        "No subscriber in %(region)s can have this number; check the area code and digits."
    ) % {"region": phonenumbers.region_code_for_country_code(number.country_code or 0)}


def _parse_failure(error: NumberParseException, raw: str) -> tuple[str, str]:
    if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        return "COUNTRY", _("The country code of this number does not exist.")
    if error.error_type == NumberParseException.NOT_A_NUMBER:
        return "CHARACTERS", _("“%(raw)s” is not a telephone number.") % {"raw": raw.strip()}
    if error.error_type == NumberParseException.TOO_LONG:
        return "LENGTH", _("This number has too many digits.")
    return "LENGTH", _("Digits are missing: this number is too short.")


def display_phone(e164: str) -> str:
    """Write an E.164 number in groups; return it unchanged when it cannot be read."""
    number = _parse(e164)
    if number is None:
        return e164
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _parse(e164: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(e164, None)
    except NumberParseException:
        return None
