"""What every failed check raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class InvalidIdentifier(ValueError):
    """
    A value does not obey the rule of its scheme.

    `reason` is a translatable sentence that names the failed check. `code` is for machines:
    EMPTY, LENGTH, CHARACTERS, PREFIX, CHECK_DIGIT, COUNTRY or FORMAT.
    """

    def __init__(self, code: str, reason: str | _StrPromise) -> None:
        super().__init__(str(reason))
        self.code = code
        self.reason = reason
