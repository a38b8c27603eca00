"""
GB electricity: MPAN core, 13 digits (MRA/REC; check sum as in the D0010 catalogue).

The bill also prints the full form of 21 characters, "S" box top line first: profile class 2, meter
time switch code 3, line loss factor class 3 (letters allowed), then the core. Both are accepted,
the core is kept.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from mpan import MPAN
from mpan.exceptions import InvalidMPANError

from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.schemes.digits import (
    compact,
    require_check_digit,
    require_digits,
)

NAME = "MPAN"
CORE = 13
FULL = 21
_WEIGHTS = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)


def check_digit(first_twelve: str) -> int:
    """Return the thirteenth digit: weighted sum modulo 11 modulo 10."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_twelve, strict=True))
    return total % 11 % 10


def validate(value: str) -> str:
    """
    Return the 13 digits of the core.

    :raises InvalidIdentifier: with the check that failed
    """
    number = compact(value).removeprefix("S")
    if len(number) == FULL:
        number = number[-CORE:]
    core = require_digits(NAME, number)
    if len(core) != CORE:
        raise InvalidIdentifier(
            "LENGTH",
            _(
                "MPAN has 13 digits (the lower line on the bill) or 21 with the upper line, "
                "but %(count)s were entered."
            )
            % {"count": len(core)},
        )
    require_check_digit(NAME, core, check_digit(core[:-1]))
    try:
        known = MPAN(core).is_valid
    except InvalidMPANError:
        known = False
    if not known:
        raise InvalidIdentifier(
            "PREFIX",
            _("MPAN starts with the distributor, 10 to 38; %(given)s is none.")
            % {"given": core[:2]},
        )
    return core


def distributor_prefix(core: str) -> str:
    """Return the two digits that name the distributor."""
    return core[:2]
