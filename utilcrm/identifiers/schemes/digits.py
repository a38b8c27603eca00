"""Checks that all-digit schemes share."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from utilcrm.identifiers.errors import InvalidIdentifier

_SEPARATORS = re.compile(r"[\s\-./]")


def compact(value: str) -> str:
    """Drop the spaces, dashes, dots and slashes that people write between groups."""
    return _SEPARATORS.sub("", value).upper()


def require_digits(name: str, value: str) -> str:
    """
    Return the compacted value when it holds digits only.

    :raises InvalidIdentifier: if it is empty or holds another character
    """
    number = compact(value)
    if not number:
        raise InvalidIdentifier("EMPTY", _("Enter the %(name)s.") % {"name": name})
    for character in number:
        if character not in "0123456789":
            raise InvalidIdentifier(
                "CHARACTERS",
                _("%(name)s has only digits, but “%(character)s” was entered.")
                % {"name": name, "character": character},
            )
    return number


def require_length(name: str, number: str, length: int) -> None:
    """
    Refuse a number that is too short or too long.

    :raises InvalidIdentifier: if it is
    """
    if len(number) != length:
        raise InvalidIdentifier(
            "LENGTH",
            _("%(name)s has %(length)s digits, but %(count)s were entered.")
            % {"name": name, "length": length, "count": len(number)},
        )


def require_check_digit(name: str, number: str, expected: int) -> None:
    """
    Refuse a number whose last digit is not the one that follows from the others.

    The expected digit is told: it is public arithmetic, and lets the agent see at once whether the
    caller swapped two digits or misread the last one. Nobody should *replace* it.

    :raises InvalidIdentifier: if it differs
    """
    if int(number[-1]) != expected:
        raise InvalidIdentifier(
            "CHECK_DIGIT",
            _(
                "The check digit does not fit: these digits of %(name)s would end in %(expected)s, "
                "not in %(given)s. Ask for the number again, digit by digit."
            )
            % {"name": name, "expected": expected, "given": number[-1]},
        )
