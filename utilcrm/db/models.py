"""Base classes of every record: an internal key, an external one, and optimistic locking."""

from __future__ import annotations

from typing import Any, Self

import uuid6
from django.db import models


class StaleVersion(Exception):
    """
    Somebody else saved the record after this caller had read it.

    `current` is the record as it stands now, so that a screen can show both versions.
    """

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current} was changed in the meantime")
        self.current = current


def new_uuid() -> Any:
    """Return a time-ordered UUID (version 7): good b-tree locality, not guessable in sequence."""
    return uuid6.uuid7()


class Record(models.Model):
    """A row with an integer key for joins and a UUID for everything outside the database."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """
    Adds a counter that every saved change raises by one.

    A form carries the version it was rendered from. The service locks the row and calls
    `require_version` before it changes anything.
    """

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def require_version(self, version: int | None) -> Self:
        """
        Return the record if `version` is the one stored; `None` skips the check.

        :raises StaleVersion: if the record has moved on
        """
        if version is not None and version != self.version:
            raise StaleVersion(self)
        return self

    def save_changes(self, *fields: str) -> None:
        """Save the named fields and raise the version; the row must be locked by the caller."""
        self.version += 1
        update_fields = {*fields, "version"}
        if any(field.name == "updated_at" for field in self._meta.concrete_fields):
            update_fields.add("updated_at")
        self.save(update_fields=update_fields)
