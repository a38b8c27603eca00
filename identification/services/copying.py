"""Write many entries of subjects that are not in the index yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from identification.models import Entry
from utilcrm.db.copying import copied, copy_into, draw_keys

if TYPE_CHECKING:
    from identification.services.storing import Prepared

_ENTRY = {
    "id": "bigint",
    "kind": "text",
    "subject_id": "bigint",
    "subject_uuid": "uuid",
    "account_id": "bigint",
    "segment": "text",
    "label": "text",
    "sublabel": "text",
    "sort_key": "text",
    "words": "bigint[]",
}
_IDENTIFIER = {"entry_id": "bigint", "kind": "text", "value": "text"}
_MANY = 100
"""Below this, asking whether an entry is there costs more than copying saves."""


def copy_entries(batch: Sequence[Prepared], words: Sequence[Sequence[int]]) -> bool:
    """
    Copy a batch whose subjects are all new, with the keys of its words; tell whether it did.

    It does nothing with a small batch, or where any subject has an entry.
    """
    if len(batch) < _MANY or _is_known(batch):
        return False
    return copied(lambda: _copy(batch, words))


def _is_known(batch: Sequence[Prepared]) -> bool:
    subjects: dict[str, list[int]] = {}
    for entry in batch:
        subjects.setdefault(entry.kind, []).append(entry.subject_id)
    return any(
        Entry.objects.filter(kind=kind, subject_id__in=keys).exists()
        for kind, keys in subjects.items()
    )


def _copy(batch: Sequence[Prepared], words: Sequence[Sequence[int]]) -> None:
    keys = draw_keys("identification_entry", len(batch))
    copy_into(
        "identification_entry",
        _ENTRY,
        (
            (
                key,
                entry.kind,
                entry.subject_id,
                entry.subject_uuid,
                entry.account_id,
                entry.segment,
                entry.label,
                entry.sublabel,
                entry.sort_key,
                "{" + ",".join(map(str, each)) + "}",
            )
            for key, entry, each in zip(keys, batch, words, strict=True)
        ),
    )
    copy_into(
        "identification_identifier",
        _IDENTIFIER,
        (
            (key, *identifier)
            for key, entry in zip(keys, batch, strict=True)
            for identifier in entry.identifiers
        ),
    )
