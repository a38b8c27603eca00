"""Who is acting, in which contact, under which request: carried beside the call stack."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Context:
    """What an event remembers about the circumstances in which it happened."""

    actor_id: int | None = None
    actor_name: str = ""
    interaction_uuid: uuid.UUID | None = None
    request_id: str = ""
    ip_address: str = ""


_context: ContextVar[Context | None] = ContextVar("utilcrm_context", default=None)


def current() -> Context:
    """Return the circumstances of the running request or task."""
    return _context.get() or Context()


def current_interaction_uuid() -> uuid.UUID | None:
    """Return the contact that the running operation belongs to."""
    return current().interaction_uuid


@contextmanager
def acting(**changes: object) -> Iterator[Context]:
    """Run a block under changed circumstances, and restore the former ones afterwards."""
    token = _context.set(replace(current(), **changes))  # type: ignore[arg-type]
    try:
        yield current()
    finally:
        _context.reset(token)
