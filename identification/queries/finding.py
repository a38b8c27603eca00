"""The one search box: who is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from identification.choices import EntryKind, IdentifierKind
from identification.queries.reading import Question, read

CERTAIN_TIER = 1
WRITTEN_TIER = 2
ENDING_TIER = 3
NEAR_TIER = 4
SEVERAL_NEAR_TIER = 5
LEFT_OUT_TIER = 6

_SCORES = {1: 1.0, 2: 0.9, 3: 0.7, 4: 0.5, 5: 0.4, 6: 0.2}

_SEARCH = """
SELECT e.kind, e.subject_id, e.subject_uuid, e.account_id, e.segment, e.label, e.sublabel,
  found.tier, i.kinds, i.texts, found.fields, found.texts, found.costs
FROM identification_search(
  %(segments)s, %(kinds)s, %(limit)s, %(codes)s, %(code_parts)s, %(ends)s, %(end_parts)s,
  %(signs)s, %(names)s, %(forms)s, %(form_slots)s, %(form_costs)s, %(slot_parts)s,
  %(slot_readings)s, %(slot_near)s, %(begun)s, %(guess)s
) WITH ORDINALITY AS found
CROSS JOIN LATERAL (
  SELECT * FROM identification_entry AS o WHERE o.id = found.entry_id OFFSET 0
) AS e
LEFT JOIN LATERAL (
  SELECT array_agg(kind::text ORDER BY id) AS kinds, array_agg(value::text ORDER BY id) AS texts
  FROM identification_identifier WHERE id = ANY (found.identifiers)
) AS i ON true
ORDER BY found.ordinality
"""


@dataclass(frozen=True)
class Reason:
    """
    One thing in an entry that was matched, for the screen to point at.

    `field` is an `IdentifierKind` or a `WordField`; `text` is what the entry holds (a word is
    folded); `is_exact` is false for what is only near to what was typed, or only begins or ends
    with it.
    """

    field: str
    text: str
    is_exact: bool


@dataclass(frozen=True)
class Hit:
    """One thing the caller may have meant. `score` falls from 1 (certain) to 0 (a guess)."""

    kind: EntryKind
    subject_id: int
    subject_uuid: UUID
    account_id: int | None
    segment: str
    label: str
    sublabel: str
    score: float
    why: tuple[Reason, ...]
    is_exact: bool

    @property
    def identifier(self) -> Reason | None:
        """The identifier that was matched, if it was one."""
        return next((reason for reason in self.why if reason.field in IdentifierKind), None)


@dataclass(frozen=True)
class Answer(Sequence[Hit]):
    """The hits, best first. `more` says that there were others: ask for something narrower."""

    hits: tuple[Hit, ...] = ()
    more: bool = False

    def __getitem__(self, index: Any) -> Any:
        """Return a hit by its place."""
        return self.hits[index]

    def __len__(self) -> int:
        """Return how many hits there are, the cut-off ones aside."""
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        """Go through the hits, best first."""
        return iter(self.hits)

    @property
    def only(self) -> Hit | None:
        """The one hit, if there is no other and it is beyond doubt: never one that is only near."""
        alone = len(self.hits) == 1 and not self.more and self.hits[0].is_exact
        return self.hits[0] if alone else None


def identify(
    text: str,
    *,
    segments: Collection[str],
    region: str,
    kinds: Collection[EntryKind] | None = None,
    limit: int = 20,
) -> Answer:
    """
    Return what a caller may mean by a text, in one round trip to the database.

    The text may be any identifier or the end of one, a telephone number in any notation, an e-mail
    address, names, an address, a date of birth, or several of these, with a slip of the finger.

    Only entries of `segments` (codes), and those of no segment, are found; others neither count nor
    change the order. `region` is the country (ISO 3166) of the tenant.
    """
    question = read(text, region=region)
    if question.is_empty:
        return Answer()
    rows = ask(question, segments=segments, kinds=kinds, limit=limit + 1)
    hits = tuple(hit_of(row) for row in rows[:limit])
    return Answer(hits, more=len(rows) > limit)


def by_phone(e164: str, *, segments: Collection[str], limit: int = 20) -> Answer:
    """Return who is known by exactly this telephone number (E.164), first or second."""
    question = Question(codes={e164.strip(): -1})
    rows = ask(question, segments=segments, kinds=None, limit=limit + 1, guess=CERTAIN_TIER)
    return Answer(tuple(hit_of(row) for row in rows[:limit]), more=len(rows) > limit)


def by_email(address: str, *, segments: Collection[str], limit: int = 20) -> Answer:
    """Return who is known by exactly this e-mail address, whatever its case."""
    question = Question(codes={address.strip().lower(): -1})
    rows = ask(question, segments=segments, kinds=None, limit=limit + 1, guess=CERTAIN_TIER)
    return Answer(tuple(hit_of(row) for row in rows[:limit]), more=len(rows) > limit)


def by_emails(addresses: Collection[str], *, segments: Collection[str]) -> dict[str, Hit]:
    """Return who alone is known by each of these addresses (lower case), in one question."""
    if not addresses:
        return {}
    question = Question(codes=dict.fromkeys(addresses, -1))
    most = 4 * len(addresses)
    found: dict[str, list[Hit]] = {}
    for row in ask(question, segments=segments, kinds=None, limit=most, guess=CERTAIN_TIER):
        hit = hit_of(row)
        if hit.identifier is not None:
            found.setdefault(hit.identifier.text, []).append(hit)
    return {address: hits[0] for address, hits in found.items() if len(hits) == 1}


def ask(
    question: Question,
    *,
    segments: Collection[str] | None,
    kinds: Collection[EntryKind] | None,
    limit: int,
    guess: int = LEFT_OUT_TIER,
) -> list[Any]:
    """Run the search and return its rows; `segments` of `None` are all, for the duplicate check."""
    parameters = parameters_of(question) | {
        "segments": None if segments is None else ["", *sorted(segments)],
        "kinds": None if kinds is None else [str(kind) for kind in kinds],
        "limit": limit,
        "guess": guess,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH, parameters)
        return list(cursor.fetchall())


def parameters_of(question: Question) -> dict[str, Any]:
    """Return a question as the parameters that the search takes."""
    slots = question.slots
    forms = [
        (form, number, cost)
        for number, slot in enumerate(slots, start=1)
        for cost, spelled in ((0, slot.forms), (1, slot.relaxed))
        for form in spelled
    ]
    return {
        "codes": list(question.codes),
        "code_parts": list(question.codes.values()),
        "ends": list(question.ends),
        "end_parts": list(question.ends.values()),
        "signs": question.signs,
        "names": question.names,
        "forms": [form for form, _slot, _cost in forms],
        "form_slots": [slot for _form, slot, _cost in forms],
        "form_costs": [cost for _form, _slot, cost in forms],
        "slot_parts": [slot.parts for slot in slots],
        "slot_readings": [slot.reading for slot in slots],
        "slot_near": [slot.near for slot in slots],
        "begun": question.begun,
    }


def hit_of(row: Any) -> Hit:
    """Return a row of the search as a hit."""
    kind, subject_id, uuid, account_id, segment, label, sublabel, tier, *matched = row
    return Hit(
        kind=EntryKind(kind),
        subject_id=subject_id,
        subject_uuid=uuid,
        account_id=account_id,
        segment=segment,
        label=label,
        sublabel=sublabel,
        score=_SCORES[tier],
        why=tuple(_reasons(tier, *(each or () for each in matched))),
        is_exact=tier <= WRITTEN_TIER,
    )


def _reasons(tier: int, *matched: Sequence[Any]) -> Iterator[Reason]:
    kinds, identifiers, fields, texts, costs = matched
    for kind, text in zip(kinds, identifiers, strict=True):
        yield Reason(kind, text, is_exact=tier in (CERTAIN_TIER, NEAR_TIER))
    for field, text, cost in zip(fields, texts, costs, strict=True):
        yield Reason(field, text, is_exact=cost == 0)
