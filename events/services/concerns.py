"""
Concerns: what is wrong besides messages, and where somebody looks into it.

`settings.CONCERN_PROVIDERS` names functions of higher floors: `provider() -> Iterable[Concern]`. An
alarm is raised for each once, and cleared when it is not told any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from events.choices import TroubleKind


@dataclass(frozen=True)
class Concern:
    """
    One thing that somebody in the back office has to look at, since when, and how many of it.

    ``key`` names it for good (40 characters at most), ``label`` in plain words; ``url`` is where to
    look, for people who have ``permission``.
    """

    key: str
    kind: TroubleKind
    since: dt.datetime
    number: int
    label: str
    url: str
    permission: str


def all_concerns() -> list[Concern]:
    """Return what every provider tells, the longest first."""
    found: list[Concern] = []
    for path in getattr(settings, "CONCERN_PROVIDERS", []):
        provider: Callable[[], Iterable[Concern]] = import_string(path)
        found += provider()
    return sorted(found, key=lambda one: (one.since, one.key))
