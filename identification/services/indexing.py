"""Put entries into the index and take them out, in the transaction that changes the subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from uuid import UUID

from django.db import transaction

from identification.choices import EntryKind, IdentifierKind, WordField
from identification.models import Entry
from identification.queries import wording
from identification.services.storing import Prepared, Store

# Looked up once: reading an enumeration costs more than the rest of a word.
_NAME, _ORGANISATION = WordField.NAME.value, WordField.ORGANISATION.value
_STREET, _HOUSE = WordField.STREET.value, WordField.HOUSE.value
_POSTCODE, _TOWN = WordField.POSTCODE.value, WordField.TOWN.value
_BIRTH_DATE = WordField.BIRTH_DATE.value


@dataclass(frozen=True, slots=True)
class Row:
    """
    One entry to be indexed, in full: what is not in it is forgotten.

    `names` are a person's first names and, last, the surname. `segment` is `None` or empty for
    what everybody may find. Telephone numbers among `identifiers` are in E.164; the others may be
    in any notation.
    """

    kind: EntryKind
    subject_id: int
    subject_uuid: UUID
    label: str
    sublabel: str = ""
    account_id: int | None = None
    segment: str | None = None
    names: Sequence[str] = ()
    organisation: str = ""
    street: str = ""
    house_number: str = ""
    flat: str = ""
    postcode: str = ""
    town: str = ""
    birth_date: date | None = None
    identifiers: Sequence[tuple[IdentifierKind, str]] = field(default=())


@transaction.atomic
def put(
    *,
    kind: EntryKind,
    subject_id: int,
    subject_uuid: UUID,
    label: str,
    sublabel: str = "",
    account_id: int | None = None,
    segment: str | None = None,
    names: Sequence[str] = (),
    organisation: str = "",
    street: str = "",
    house_number: str = "",
    flat: str = "",
    postcode: str = "",
    town: str = "",
    birth_date: date | None = None,
    identifiers: Sequence[tuple[IdentifierKind, str]] = (),
) -> None:
    """
    Index an account or a premise, or index it again after a change; see `Row`.

    It takes part in the caller's transaction: what is rolled back is not found.
    """
    row = Row(
        kind=kind,
        subject_id=subject_id,
        subject_uuid=subject_uuid,
        label=label,
        sublabel=sublabel,
        account_id=account_id,
        segment=segment,
        names=names,
        organisation=organisation,
        street=street,
        house_number=house_number,
        flat=flat,
        postcode=postcode,
        town=town,
        birth_date=birth_date,
        identifiers=identifiers,
    )
    Store().save([prepare(row)])


def put_many(rows: Iterable[Row], *, batch_size: int = 2000) -> int:
    """
    Index many entries, a batch at a time, and return how many.

    Memory does not grow with the number of rows. Each batch is a transaction of its own, unless
    the caller has one open. One call with many rows is faster than many calls: while the database
    stores a batch, the text of the next one is read in a second thread.
    """
    store = Store()
    remaining = iter(rows)
    batch = list(islice(remaining, batch_size))
    if len(batch) < batch_size:
        _save(store, _prepare_all(batch))
        return len(batch)
    total = 0
    ready: list[Prepared] = []
    with ThreadPoolExecutor(1, "reading") as reader:
        while batch:
            reading = reader.submit(_prepare_all, batch)
            _save(store, ready)
            total += len(batch)
            batch = list(islice(remaining, batch_size))
            ready = reading.result()
        _save(store, ready)
    return total


def _save(store: Store, batch: Sequence[Prepared]) -> None:
    with transaction.atomic():
        store.save(batch)


def _prepare_all(batch: Sequence[Row]) -> list[Prepared]:
    return [prepare(row) for row in batch]


@transaction.atomic
def remove(kind: EntryKind, subject_id: int) -> None:
    """Take an account or a premise out of the index; nothing happens if it is not there."""
    Entry.objects.filter(kind=kind, subject_id=subject_id).delete()


def prepare(row: Row) -> Prepared:
    """Return an entry with its text taken apart into words and canonical identifiers."""
    organisation = wording.without(wording.split(row.organisation), wording.LEGAL_FORMS)
    words = dict.fromkeys(_words(row))
    surname_first = [*row.names[-1:], *row.names[:-1]]
    sort_key = organisation or tuple(word for name in surname_first for word in wording.split(name))
    identifiers = dict.fromkeys(
        (str(kind), wording.canonical(kind, value)[:254])
        for kind, value in row.identifiers
        if value
    )
    return Prepared(
        kind=str(row.kind),
        subject_id=row.subject_id,
        subject_uuid=str(row.subject_uuid),
        account_id=row.account_id,
        segment=row.segment or "",
        label=row.label[:200],
        sublabel=row.sublabel[:300],
        sort_key=" ".join(sort_key)[:200],
        words=tuple(words),
        identifiers=tuple(pair for pair in identifiers if pair[1]),
    )


_READERS: dict[str, Callable[[str], tuple[str, ...]]] = {
    WordField.NAME: wording.name_words,
    WordField.ORGANISATION: wording.organisation_words,
    WordField.STREET: wording.street_words,
    WordField.POSTCODE: wording.postcode_words,
    WordField.TOWN: wording.name_words,
}


@lru_cache(maxsize=16_384)
def _read(field: str, text: str) -> tuple[tuple[str, str], ...]:
    return tuple((field, word) for word in _READERS[field](text))


def _words(row: Row) -> Iterator[tuple[str, str]]:
    for name in row.names:
        yield from _read(_NAME, name)
    if row.organisation:
        yield from _read(_ORGANISATION, row.organisation)
    yield from _read(_STREET, row.street)
    yield from _read(_POSTCODE, row.postcode)
    yield from _read(_TOWN, row.town)
    for word in wording.house_words(row.house_number, row.flat):
        yield _HOUSE, word
    for word in wording.house_names(row.house_number, row.flat):
        yield _STREET, word
    if row.birth_date is not None:
        yield _BIRTH_DATE, row.birth_date.strftime("%Y%m%d")
