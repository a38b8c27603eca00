"""
GB gas: MPRN, 6 to 10 digits (REC, Xoserve).

Only digits and length are checked: no trustworthy publication of a check digit rule was found, and
an invented one would refuse real meters. Independent gas transporters' numbers start with 74 to 77
and have 10 digits.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.schemes.digits import require_digits

NAME = "MPRN"
SHORTEST, LONGEST = 6, 10


def validate(value: str) -> str:
    """
    Return the digits.

    :raises InvalidIdentifier: with the check that failed
    """
    number = require_digits(NAME, value)
    if not SHORTEST <= len(number) <= LONGEST:
        raise InvalidIdentifier(
            "LENGTH",
            _("MPRN has 6 to 10 digits, but %(count)s were entered.") % {"count": len(number)},
        )
    return number
