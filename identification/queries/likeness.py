"""Who may be there already: the duplicate check while somebody types a new account."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from identification.choices import EntryKind, IdentifierKind, Likeness, WordField
from identification.queries import wording
from identification.queries.finding import (
    CERTAIN_TIER,
    SEVERAL_NEAR_TIER,
    Hit,
    Reason,
    ask,
    hit_of,
)
from identification.queries.reading import Question, Slot

_ORDER = [Likeness.CERTAIN, Likeness.LIKELY, Likeness.POSSIBLE]
_EXAMINED = 30


@dataclass(frozen=True)
class Similar:
    """
    Somebody who may be the one that is being typed.

    Without a `hit`, the account lies in a segment that the user may not read: the screen may say
    that it exists and that a supervisor can help, and nothing else.
    """

    likeness: Likeness
    hit: Hit | None = None
    why: tuple[Reason, ...] = ()

    @property
    def is_hidden(self) -> bool:
        """Tell whether the user may know no more than that there is somebody."""
        return self.hit is None


def similar_accounts(
    *,
    segments: Collection[str],
    first_name: str = "",
    last_name: str = "",
    organisation: str = "",
    email: str = "",
    phone: str = "",
    tax_id: str = "",
    street: str = "",
    house_number: str = "",
    postcode: str = "",
    birth_date: date | None = None,
    limit: int = 5,
) -> list[Similar]:
    """
    Return the accounts that may be the one described, the likeliest first.

    The same tax number is CERTAIN; the same telephone number (E.164) or e-mail address is LIKELY; a
    name that differs by a slip or not at all, together with the postcode, the street or the date of
    birth, is POSSIBLE. Every segment is looked through, but those outside `segments` (codes) come
    back without content.
    """
    found = _by_identifiers(email=email, phone=phone, tax_id=tax_id)
    name = organisation or f"{first_name} {last_name}"
    addresses = _slots(wording.postcode_words(postcode)[:1])
    streets = _slots(wording.street_words(street)[-1:]) + _slots(wording.house_words(house_number))
    births = _slots((birth_date.strftime("%Y%m%d"),) if birth_date else ())
    named = _name_slots(name, is_organisation=bool(organisation))
    for beside in (addresses, streets, births):
        if named and beside:
            found += _by_words([*named, *beside])
    return _merged(found, segments)[:limit]


def _by_identifiers(*, email: str, phone: str, tax_id: str) -> list[tuple[Likeness, Hit]]:
    typed = (
        (IdentifierKind.TAX_ID, tax_id, Likeness.CERTAIN),
        (IdentifierKind.PHONE, phone, Likeness.LIKELY),
        (IdentifierKind.EMAIL, email, Likeness.LIKELY),
    )
    meaning = {
        (kind.value, wording.canonical(kind, value)): likeness
        for kind, value, likeness in typed
        if len(value.strip()) > 3
    }
    if not meaning:
        return []
    question = Question(codes={value: -1 for _kind, value in meaning})
    found = []
    for hit in _asked(question, CERTAIN_TIER):
        for reason in hit.why:
            likeness = meaning.get((reason.field, reason.text))
            if likeness is not None:
                found.append((likeness, hit))
    return found


def _by_words(slots: Sequence[Slot]) -> list[tuple[Likeness, Hit]]:
    return [
        (Likeness.POSSIBLE, hit)
        for hit in _asked(Question(slots=list(slots)), SEVERAL_NEAR_TIER)
        # A new account next door has the house number in its street and somebody else's name.
        if any(reason.field in (WordField.NAME, WordField.ORGANISATION) for reason in hit.why)
    ]


def _asked(question: Question, guess: int) -> list[Hit]:
    rows: list[Any] = ask(
        question, segments=None, kinds=[EntryKind.ACCOUNT], limit=_EXAMINED, guess=guess
    )
    return [hit_of(row) for row in rows]


def _name_slots(name: str, *, is_organisation: bool) -> list[Slot]:
    ignored = [wording.CONNECTING, wording.LEGAL_FORMS] if is_organisation else [wording.CONNECTING]
    words = wording.without(wording.split(name), *ignored)
    return [
        Slot(wording.spellings(word)[:1] or (word,), 0, near=word if len(word) > 2 else None)
        for word in words
        if word
    ]


def _slots(words: Sequence[str]) -> list[Slot]:
    return [Slot((word,), 0) for word in words]


def _merged(found: Sequence[tuple[Likeness, Hit]], segments: Collection[str]) -> list[Similar]:
    """Return each account once, with its strongest likeness and every reason for it."""
    merged: dict[int, tuple[Likeness, Hit, dict[Reason, None]]] = {}
    for likeness, hit in sorted(found, key=lambda pair: _ORDER.index(pair[0])):
        _likeness, _hit, reasons = merged.setdefault(hit.subject_id, (likeness, hit, {}))
        reasons.update(dict.fromkeys(hit.why))
    return [
        Similar(likeness, hit, tuple(reasons))
        if not hit.segment or hit.segment in segments
        else Similar(likeness)
        for likeness, hit, reasons in merged.values()
    ]
