"""What makes a record of another system the same record here, file after file."""

from __future__ import annotations

import uuid

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:utilcrm:import")


def uuid_of(source_system: str, kind: str, *keys: str) -> uuid.UUID:
    """
    Return the UUID of a record: the same for the same system, kind and keys.

    A second run, and a second file with the same customer, find what the first has made.
    """
    return uuid.uuid5(_SPACE, "\x1f".join((source_system.casefold(), kind, *keys)))
