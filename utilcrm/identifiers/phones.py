"""Telephone numbers: E.164 as the key that the telephone system finds a caller by."""

from __future__ import annotations

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


def normalise_phone(raw: str, region: str) -> str:
    """
    Return the number in E.164, such as +442079460958.

    `region` ("GB") says how to read a number without country code.

    :raises InvalidIdentifier: if no subscriber can have this number
    """
    if not raw.strip():
        raise InvalidIdentifier("EMPTY", _("Enter the telephone number."))
    try:
        number = phonenumbers.parse(raw, region)
    except NumberParseException as error:
        raise InvalidIdentifier(*_parse_failure(error, raw)) from None
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        raise InvalidIdentifier(
            "LENGTH", _("Digits are missing: this number is too short, or lacks its area code.")
        )
    if verdict == ValidationResult.TOO_LONG:
        raise InvalidIdentifier("LENGTH", _("This number has too many digits."))
    if not phonenumbers.is_valid_number(number):
        raise InvalidIdentifier(
            "FORMAT",
            _("No subscriber in %(region)s can have this number; check the area code and digits.")
            % {"region": phonenumbers.region_code_for_country_code(number.country_code)},
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


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


def is_mobile(e164: str) -> bool:
    """Whether an E.164 number is, or may be, a mobile one (some countries do not tell)."""
    number = _parse(e164)
    return number is not None and phonenumbers.number_type(number) in (
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )


def _parse(e164: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(e164, None)
    except NumberParseException:
        return None
