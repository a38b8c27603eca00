"""Columns as spreadsheets name them."""

from __future__ import annotations


def column_letter(column: int) -> str:
    """Return the letters of a column that is counted from 0; empty for none (-1)."""
    letters, rest = "", column + 1
    while rest > 0:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters
