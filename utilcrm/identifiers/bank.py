"""Bank accounts: IBAN (ISO 13616), checked by schwifty, and by stdnum for national check digits."""

from __future__ import annotations

from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import (
    InvalidBBANChecksum,
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)
from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.schemes.digits import compact


def validate_iban(value: str) -> str:
    """
    Return the IBAN without spaces, upper case.

    What the right check digits would be is not told: that would help to make up an account.

    :raises InvalidIdentifier: with the check that failed
    """
    number = compact(value)
    if not number:
        raise InvalidIdentifier("EMPTY", _("Enter the IBAN."))
    if not number[:2].isalpha() or not number[2:4].isdigit():
        raise InvalidIdentifier(
            "FORMAT",
            _("An IBAN starts with the country's two letters and two digits, as in GB82."),
        )
    try:
        iban = _parse(number)
        stdnum_iban.validate(iban, check_country=False)
    except ValidationError:
        raise _wrong_check_digits() from None
    return iban


def _parse(number: str) -> str:
    try:
        return str(IBAN(number, validate_bban=True))
    except InvalidCountryCode:
        raise InvalidIdentifier(
            "COUNTRY",
            _("%(country)s is not a country that uses IBAN.") % {"country": number[:2]},
        ) from None
    except InvalidLength:
        raise InvalidIdentifier(
            "LENGTH",
            _("An IBAN of %(country)s has another length; %(count)s characters were entered.")
            % {"country": number[:2], "count": len(number)},
        ) from None
    except InvalidChecksumDigits:
        raise _wrong_check_digits() from None
    except InvalidBBANChecksum:
        raise InvalidIdentifier(
            "CHECK_DIGIT",
            _("The bank's own check digits inside the IBAN do not fit the account number."),
        ) from None
    except SchwiftyException:
        raise InvalidIdentifier(
            "CHARACTERS",
            _("An IBAN of %(country)s does not look like this: a letter or digit is out of place.")
            % {"country": number[:2]},
        ) from None


def _wrong_check_digits() -> InvalidIdentifier:
    return InvalidIdentifier(
        "CHECK_DIGIT",
        _(
            "The check digits (3rd and 4th character) do not fit the rest: a digit is wrong or two "
            "are swapped. Ask for the IBAN again in groups of four."
        ),
    )


def bank_name(iban: str) -> str:
    """Return the bank's name from the offline registry, or "" when it does not know the bank."""
    try:
        return IBAN(iban).bank_name or ""
    except SchwiftyException:
        return ""


def format_iban(iban: str) -> str:
    """Write an IBAN in groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
