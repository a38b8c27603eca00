"""
ES electricity and gas: CUPS, 20 characters, or 22 with the border point.

"ES", 4 digits of the distributor, 12 of its own, two check letters (python-stdnum), and optionally
a digit and one of F P R C X Y Z for the border point.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from stdnum.es import cups
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength, ValidationError

from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.schemes.digits import compact

NAME = "CUPS"


def validate(value: str) -> str:
    """
    Return the 20 or 22 characters.

    :raises InvalidIdentifier: with the check that failed
    """
    number = compact(value)
    if not number:
        raise InvalidIdentifier("EMPTY", _("Enter the %(name)s.") % {"name": NAME})
    try:
        return cups.validate(number)
    except InvalidLength:
        raise InvalidIdentifier(
            "LENGTH",
            _("CUPS has 20 or 22 characters, but %(count)s were entered.") % {"count": len(number)},
        ) from None
    except InvalidComponent:
        raise InvalidIdentifier("PREFIX", _("CUPS starts with ES.")) from None
    except InvalidChecksum:
        raise InvalidIdentifier(
            "CHECK_DIGIT",
            _(
                "The two check letters of CUPS do not fit: these digits would have %(expected)s, "
                "not %(given)s. Ask for the code again, character by character."
            )
            % {"expected": cups.calc_check_digits(number), "given": number[18:20]},
        ) from None
    except ValidationError:
        raise InvalidIdentifier(
            "FORMAT",
            _(
                "CUPS is ES, 16 digits, two letters, and optionally a digit and one of the letters "
                "F, P, R, C, X, Y, Z."
            ),
        ) from None


def distributor_code(number: str) -> str:
    """Return the four digits that name the distributor."""
    return number[2:6]
