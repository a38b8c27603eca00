"""The same form sent twice must do its work once: the hook for whoever remembers that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Submission(Protocol):
    """One sending of a form; a repeated one is led to `result_url`, the first one's end."""

    is_repeat: bool
    result_url: str

    def finish(self, result_url: str) -> None:
        """Remember where the work led, for the second sending of the same form."""


class Guard(Protocol):
    """`once(token=…, actor=…, route=…)`: a context that lets one sending through at a time."""

    def __call__(self, *, token: str, actor: Any, route: str) -> AbstractContextManager[Submission]:
        """Enter one sending; leaving by an exception forgets it, so that it may be sent again."""
        ...


class _FirstTime:
    is_repeat = False
    result_url = ""

    def finish(self, result_url: str) -> None:
        """Forget it: without a guard nothing is remembered."""


@contextmanager
def unguarded(*, token: str, actor: Any, route: str) -> Iterator[Submission]:
    """Let every sending through; for the style guide and tests without a database."""
    yield _FirstTime()


def configured_guard() -> Guard:
    """Return the guard that `settings.SUBMISSION_GUARD` names."""
    path = getattr(settings, "SUBMISSION_GUARD", "")
    guard: Guard = import_string(path) if path else unguarded
    return guard
