"""What can go wrong between us and a register, and what may be done about it."""

from __future__ import annotations

from enum import StrEnum

from market.gateway.canonical import Objection


class FailureKind(StrEnum):
    """What is known about the effect of a call that failed."""

    NOT_APPLIED = "NOT_APPLIED"
    UNKNOWN = "UNKNOWN"
    REFUSED = "REFUSED"


class RegisterFailure(Exception):
    """
    A call to a register that did not succeed; ``text`` is fit for people.

    NOT_APPLIED may be sent again as it is, UNKNOWN must be asked about first, REFUSED must be
    mended by a person: ``objections`` say what is wrong. ``reached`` tells whether the register
    itself, and not something on the way, answered.
    """

    def __init__(
        self,
        kind: FailureKind,
        text: str,
        *,
        objections: tuple[Objection, ...] = (),
        reached: bool = False,
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.objections = objections
        self.reached = reached
