"""Rows of the index as the text that `COPY` reads."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from identification.queries import wording
from identification.services.indexing import Row, prepare
from identification.services.storing import SLIPPED

ENTRY = (
    "id", "kind", "subject_id", "subject_uuid", "account_id", "segment", "label", "sublabel",
    "sort_key", "words",
)  # fmt: skip
IDENTIFIER = ("entry_id", "kind", "value")
WORD = ("id", "segment", "field", "text", "uses", "deletions")
_READ_AT_ONCE = 1 << 20


def line(*values: object) -> str:
    """Return a line for `COPY`; the made-up customers hold nothing that it would have to escape."""
    return "\t".join(map(str, values)) + "\n"


def copy(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Append lines to a table."""
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO("".join(lines)),
            size=_READ_AT_ONCE,
        )  # fmt: skip


@dataclass
class IndexLines:
    """Lines of the index's tables, in the notation that the product's own service gives them."""

    entries: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)


class Vocabulary:
    """Numbers entries and words, and counts the words. It grows with the words, not the entries."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, str, str], int] = {}
        self._uses = [0]
        self.entries = 0

    def lines(self, rows: Iterable[Row]) -> IndexLines:
        """Return what the tables hold of some rows."""
        made = IndexLines()
        words, uses = self._words, self._uses
        for row in rows:
            entry = prepare(row)
            self.entries += 1
            keys = []
            for name, text in entry.words:
                key = words.setdefault((entry.segment, name, text), len(uses))
                if key == len(uses):
                    uses.append(0)
                uses[key] += 1
                keys.append(str(key))
            made.entries.append(
                line(
                    self.entries, entry.kind, entry.subject_id, entry.subject_uuid,
                    entry.account_id, entry.segment, entry.label, entry.sublabel, entry.sort_key,
                    f"{{{','.join(keys)}}}",
                )
            )  # fmt: skip
            made.identifiers += [
                line(self.entries, kind, value) for kind, value in entry.identifiers
            ]
        return made

    def word_lines(self) -> Iterable[str]:
        """Return the words, when all rows have been seen."""
        for (segment, name, text), key in self._words.items():
            # Quoted: one letter leaves nothing, and somebody may be called Null.
            near = (f'"{left}"' for left in wording.deletions(text)) if name in SLIPPED else ()
            yield line(key, segment, name, text, self._uses[key], f"{{{','.join(near)}}}")
