"""What can come of a contact: the tenant's own list, or the default one."""

from __future__ import annotations

import time

from interactions.choices import Result
from interactions.models import ContactResult
from utilcrm.db.tenancy import current_schema

_KEEP_SECONDS = 15.0
_kept: dict[str, tuple[float, dict[str, str]]] = {}


def results() -> list[ContactResult]:
    """Return every result of the tenant in its order; before anybody made a list, the defaults."""
    own = list(ContactResult.objects.order_by("position", "id"))
    return own or defaults()


def choosable_results() -> list[ContactResult]:
    """Return what agents may choose."""
    return [one for one in results() if one.is_active]


def defaults() -> list[ContactResult]:
    """Return what every tenant starts with; "not stated" is the timer's alone."""
    return [
        ContactResult(code=one, position=place, needs_follow_up=one == Result.FOLLOW_UP)
        for place, one in enumerate(Result)
        if one != Result.NOT_STATED
    ]


def result_label(code: str) -> str:
    """Return a stored result in the tenant's words, which are at most 15 s old."""
    schema = current_schema() or ""
    kept = _kept.get(schema)
    if kept is None or kept[0] < time.monotonic():
        own = dict(ContactResult.objects.exclude(own_label="").values_list("code", "own_label"))
        kept = _kept[schema] = (time.monotonic() + _KEEP_SECONDS, own)
    if code in kept[1]:
        return kept[1][code]
    return str(Result(code).label) if code in Result.values else code


def forget_labels() -> None:
    """Drop what is kept, after a wording was changed in this process."""
    _kept.clear()
