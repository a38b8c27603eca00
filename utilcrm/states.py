"""One rule for every state machine: a table says which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping, Set


class IllegalTransition(Exception):
    """A record was asked to go from a state to one that may not follow it."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{old} may not become {new}")
        self.old = old
        self.new = new


def check_transition(table: Mapping[str, Set[str]], old: str, new: str) -> None:
    """
    Refuse a step that the table does not name.

    :raises IllegalTransition: if `new` may not follow `old`
    """
    if new not in table.get(old, frozenset()):
        raise IllegalTransition(str(old), str(new))
