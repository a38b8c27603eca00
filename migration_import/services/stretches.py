"""What the steps of an import share: whose turn it is, and until when."""

from __future__ import annotations

import time
from dataclasses import dataclass

from migration_import.models import FileImport


class Superseded(Exception):
    """The import was stopped, begun anew, or is in the hands of another worker."""


@dataclass(frozen=True)
class Work:
    """One stretch of work on an import; `until` is on the monotonic clock."""

    pk: int
    status: str
    stretch: int
    until: float

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.until

    def locked(self) -> FileImport:
        """
        Return the import, locked until the transaction ends.

        :raises Superseded: if it is not ours any more
        """
        found = FileImport.objects.select_for_update().get(pk=self.pk)
        if found.status != self.status or found.stretch != self.stretch:
            raise Superseded
        return found
