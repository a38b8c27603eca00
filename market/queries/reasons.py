"""What a register's codes mean to a person, and what to do about them."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise

Text = str | Promise


class Reason(NamedTuple):
    """A register's objection in plain words, and what helps."""

    text: Text
    remedy: Text


REASONS: dict[str, Reason] = {}


def readable(code: str, text: str = "") -> str:
    """Return what a code means; the register's own wording where the code is not known."""
    known = REASONS.get(code)
    if known is not None:
        return str(known.text)
    return text or code


def remedy(code: str) -> str:
    """Return what helps against an objection; empty where nobody knows."""
    known = REASONS.get(code)
    return str(known.remedy) if known is not None else ""
