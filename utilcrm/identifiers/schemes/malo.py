"""
DE electricity and gas: MaLo-ID, 11 digits (BDEW application guide "MaLo-ID" 1.0, 2017).

The first digit is 1 to 9; the last is 10 minus (digits at odd places plus twice those at even
places) modulo 10, where 10 counts as 0.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.schemes.digits import require_check_digit, require_digits, require_length

NAME = "MaLo"
LENGTH = 11


def check_digit(first_ten: str) -> int:
    """Return the eleventh digit."""
    digits = [int(digit) for digit in first_ten]
    return (10 - (sum(digits[0::2]) + 2 * sum(digits[1::2])) % 10) % 10


def validate(value: str) -> str:
    """
    Return the 11 digits.

    :raises InvalidIdentifier: with the check that failed
    """
    number = require_digits(NAME, value)
    require_length(NAME, number, LENGTH)
    if number[0] == "0":
        raise InvalidIdentifier("PREFIX", _("MaLo does not start with 0."))
    require_check_digit(NAME, number, check_digit(number[:-1]))
    return number
