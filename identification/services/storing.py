"""
Write prepared entries, one or some thousand at a time, with the same few statements.

What is new and many is copied (`copying`). Otherwise every column of a batch travels as one text,
which both sides take apart in C: sending arrays costs four times as much, and a temporary table for
`COPY` costs a single entry more than all the rest.
A column that is nothing but one empty text arrives as NULL; hence the `coalesce`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from identification.choices import WordField
from identification.queries import wording
from identification.services.copying import copy_entries

SLIPPED = frozenset((WordField.NAME, WordField.ORGANISATION, WordField.STREET, WordField.TOWN))
"""
Fields whose words carry what a slip of the finger leaves of them. A postcode is short enough for
the search to try every slip; one digit off is another house, and another day.
"""

_KEPT_WORDS = 200_000
_MARK = "\x1f"
_UNSAFE = str.maketrans({_MARK: " ", "\x00": " "})

Key = tuple[str, str, str]
"""Segment, field and text of a word."""

_KNOWN_WORDS = """
SELECT DISTINCT ON (place) place, word.id
FROM unnest(
  string_to_array(%(segments)s, E'\\x1f'), string_to_array(%(fields)s, E'\\x1f'),
  string_to_array(%(texts)s, E'\\x1f')
) WITH ORDINALITY AS wanted (segment, field, text, place)
JOIN identification_word AS word
  ON word.text = wanted.text AND word.segment = coalesce(wanted.segment, '')
  AND word.field = wanted.field
ORDER BY place, word.id
"""

_ADD_WORDS = """
INSERT INTO identification_word (segment, field, text, uses, deletions)
SELECT coalesce(segment, ''), field, text, uses::int, deletions::text[]
FROM unnest(
  string_to_array(%(segments)s, E'\\x1f'), string_to_array(%(fields)s, E'\\x1f'),
  string_to_array(%(texts)s, E'\\x1f'), string_to_array(%(uses)s, E'\\x1f'),
  string_to_array(%(deletions)s, E'\\x1f')
) AS wanted (segment, field, text, uses, deletions)
RETURNING segment, field, text, id
"""

_SAVE_ENTRIES = """
INSERT INTO identification_entry
  (kind, subject_id, subject_uuid, account_id, segment, label, sublabel, sort_key, words)
SELECT kind, subject_id::bigint, subject_uuid::uuid, nullif(account_id, '')::bigint,
  coalesce(segment, ''), coalesce(label, ''), coalesce(sublabel, ''), coalesce(sort_key, ''),
  words::bigint[]
FROM unnest(
  string_to_array(%(kinds)s, E'\\x1f'), string_to_array(%(subjects)s, E'\\x1f'),
  string_to_array(%(uuids)s, E'\\x1f'), string_to_array(%(accounts)s, E'\\x1f'),
  string_to_array(%(segments)s, E'\\x1f'), string_to_array(%(labels)s, E'\\x1f'),
  string_to_array(%(sublabels)s, E'\\x1f'), string_to_array(%(sort_keys)s, E'\\x1f'),
  string_to_array(%(words)s, E'\\x1f')
) AS saved (kind, subject_id, subject_uuid, account_id, segment, label, sublabel, sort_key, words)
ORDER BY kind, subject_id::bigint
ON CONFLICT (kind, subject_id) DO UPDATE SET
  subject_uuid = excluded.subject_uuid, account_id = excluded.account_id,
  segment = excluded.segment, label = excluded.label, sublabel = excluded.sublabel,
  sort_key = excluded.sort_key, words = excluded.words
RETURNING kind, subject_id, id, xmax <> 0 AS replaced
"""

_FORGET_IDENTIFIERS = """
DELETE FROM identification_identifier AS old
WHERE old.entry_id = ANY (string_to_array(%(replaced)s, E'\\x1f')::bigint[])
  AND NOT EXISTS (
    SELECT FROM unnest(
      string_to_array(%(entries)s, E'\\x1f')::bigint[], string_to_array(%(kinds)s, E'\\x1f'),
      string_to_array(%(values)s, E'\\x1f')
    ) AS kept (entry_id, kind, value)
    WHERE kept.entry_id = old.entry_id AND kept.kind = old.kind AND kept.value = old.value
  )
"""

_SAVE_IDENTIFIERS = """
INSERT INTO identification_identifier (entry_id, kind, value)
SELECT entry_id, kind, value FROM unnest(
  string_to_array(%(entries)s, E'\\x1f')::bigint[], string_to_array(%(kinds)s, E'\\x1f'),
  string_to_array(%(values)s, E'\\x1f')
) AS wanted (entry_id, kind, value)
WHERE NOT EXISTS (
  SELECT FROM identification_identifier AS known
  WHERE known.entry_id = wanted.entry_id AND known.kind = wanted.kind
    AND known.value = wanted.value
)
ON CONFLICT (entry_id, kind, value) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry as it is stored. `words` are pairs of field and text."""

    kind: str
    subject_id: int
    subject_uuid: str
    account_id: int | None
    segment: str
    label: str
    sublabel: str
    sort_key: str
    words: tuple[tuple[str, str], ...]
    identifiers: tuple[tuple[str, str], ...]


class Store:
    """
    Writes batches of entries, and remembers the keys of words from one batch to the next.

    One belongs to one transaction, or to several that all commit: the words it remembers must not
    have been rolled back.
    """

    def __init__(self) -> None:
        self._word_ids: dict[Key, int] = {}

    def save(self, batch: Sequence[Prepared]) -> None:
        """Write a batch; where it names a subject twice, the last one counts."""
        batch = list({(entry.kind, entry.subject_id): entry for entry in batch}.values())
        if not batch:
            return
        with connection.cursor() as cursor:
            self._learn(cursor, batch)
            words = [self._words_of(entry) for entry in batch]
            if copy_entries(batch, words):
                return
            subjects = {
                "kinds": _joined(entry.kind for entry in batch),
                "subjects": _joined(str(entry.subject_id) for entry in batch),
            }
            cursor.execute(_SAVE_ENTRIES, subjects | _columns(batch, words))
            saved = cursor.fetchall()
            ids = {(kind, subject): entry_id for kind, subject, entry_id, _replaced in saved}
            replaced = [entry_id for _kind, _subject, entry_id, was_there in saved if was_there]
            _save_identifiers(cursor, batch, ids, replaced)

    def _words_of(self, entry: Prepared) -> list[int]:
        known, segment = self._word_ids, entry.segment
        return [known[segment, field, text] for field, text in entry.words]

    def _learn(self, cursor: Any, batch: Sequence[Prepared]) -> None:
        """Find the keys of the batch's words, and make those that nobody has used yet."""
        if len(self._word_ids) > _KEPT_WORDS:
            self._word_ids.clear()
        known = self._word_ids
        wanted = Counter(
            key
            for entry in batch
            for field, text in entry.words
            if (key := (entry.segment, field, text)) not in known
        )
        if not wanted:
            return
        keys = list(wanted)
        cursor.execute(_KNOWN_WORDS, _key_columns(keys))
        for place, word in cursor.fetchall():
            known[keys[place - 1]] = word
        new = [key for key in keys if key not in known]
        if not new:
            return
        columns = _key_columns(new) | {
            "uses": _joined(str(wanted[key]) for key in new),
            "deletions": _joined(_deletions(field, text) for _segment, field, text in new),
        }
        cursor.execute(_ADD_WORDS, columns)
        known.update(
            ((segment, field, text), word) for segment, field, text, word in cursor.fetchall()
        )


def _deletions(field: str, text: str) -> str:
    # Quoted: one letter leaves nothing, and somebody may be called Null.
    near = wording.deletions(text) if field in SLIPPED else ()
    return "{" + ",".join(f'"{word}"' for word in near) + "}"


def _save_identifiers(
    cursor: Any,
    batch: Sequence[Prepared],
    ids: dict[tuple[str, int], int],
    replaced: Sequence[int],
) -> None:
    rows = [
        (str(ids[entry.kind, entry.subject_id]), kind, value)
        for entry in batch
        for kind, value in entry.identifiers
    ]
    columns = {
        "replaced": _joined(map(str, replaced)),
        "entries": _joined(row[0] for row in rows),
        "kinds": _joined(row[1] for row in rows),
        "values": _texts(row[2] for row in rows),
    }
    if replaced:
        cursor.execute(_FORGET_IDENTIFIERS, columns)
    if rows:
        cursor.execute(_SAVE_IDENTIFIERS, columns)


def _columns(batch: Sequence[Prepared], words: Sequence[Sequence[int]]) -> dict[str, str]:
    return {
        "uuids": _joined(entry.subject_uuid for entry in batch),
        "accounts": _joined(
            "" if entry.account_id is None else str(entry.account_id) for entry in batch
        ),
        "segments": _texts(entry.segment for entry in batch),
        "labels": _texts(entry.label for entry in batch),
        "sublabels": _texts(entry.sublabel for entry in batch),
        "sort_keys": _texts(entry.sort_key for entry in batch),
        "words": _joined("{" + ",".join(map(str, each)) + "}" for each in words),
    }


def _key_columns(keys: Sequence[Key]) -> dict[str, str]:
    return {
        "segments": _texts(key[0] for key in keys),
        "fields": _joined(key[1] for key in keys),
        "texts": _joined(key[2] for key in keys),
    }


def _joined(values: Iterable[str]) -> str:
    return _MARK.join(values)


def _texts(values: Iterable[str]) -> str:
    """Join texts that somebody typed, and in which the mark itself may stand."""
    texts = list(values)
    joined = _MARK.join(texts)
    if joined.count(_MARK) == len(texts) - 1 and "\x00" not in joined:
        return joined
    return _MARK.join(text.translate(_UNSAFE) for text in texts)
