"""DK electricity and gas: GSRN, 18 digits under GS1's Danish prefix, GS1 check digit."""

from __future__ import annotations

from django.utils.translation import gettext as _
from stdnum import ean

from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.schemes.digits import require_check_digit, require_digits, require_length

NAME = "GSRN"
LENGTH = 18
PREFIX = "571313"


def check_digit(first_seventeen: str) -> int:
    """Return the eighteenth digit."""
    return int(ean.calc_check_digit(first_seventeen))


def validate(value: str) -> str:
    """
    Return the 18 digits.

    :raises InvalidIdentifier: with the check that failed
    """
    number = require_digits(NAME, value)
    require_length(NAME, number, LENGTH)
    if not number.startswith(PREFIX):
        raise InvalidIdentifier(
            "PREFIX",
            _("A Danish GSRN starts with %(prefix)s, not with %(given)s.")
            % {"prefix": PREFIX, "given": number[: len(PREFIX)]},
        )
    require_check_digit(NAME, number, check_digit(number[:-1]))
    return number
