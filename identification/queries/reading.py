"""
What a caller may have meant: the typed text, taken apart for the search.

Nothing is decided here. A run of digits is offered as an identifier, as the end of one, as a
telephone number and as a word; the search finds out which of them exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import phonenumbers

from identification.queries import wording

LONGEST_TEXT = 200
MOST_PIECES = 12
_LONGEST_RUN = 8
_SHORTEST_END = 4
_SHORTEST_TAIL = 6
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EMAIL_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789._-"

_CODE_PIECE = re.compile(r"\+?[(]?\w*\d[\w()./:#-]*")
_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_HOUSE_LETTER = re.compile(r"\b(\d{1,4})\s+([a-z])\b")
_POSTCODES = {
    "NL": re.compile(r"\b(\d{4})\s+([a-z]{2})\b"),
    "IE": re.compile(r"\b([a-z]\d[\dw])\s+([a-z\d]{4})\b"),
    "SE": re.compile(r"\b(\d{3})\s+(\d{2})\b"),
    "PL": re.compile(r"\b(\d{2})-(\d{3})\b"),
    "PT": re.compile(r"\b(\d{4})-(\d{3})\b"),
}
# Kinds of street that are surnames too: "Jessica Lane" is not only a street.
_ALSO_SURNAMES = frozenset(
    ("lane", "way", "hill", "park", "close", "court", "place", "green", "street", "grove")
)


@dataclass(frozen=True)
class Slot:
    """One word of the text: how it may be spelled, and what it may stand for."""

    forms: tuple[str, ...]
    parts: int
    relaxed: tuple[str, ...] = ()
    reading: int = 0
    near: str | None = None


@dataclass
class Question:
    """What the search is asked. `parts` are the typed pieces something was made of, as bits."""

    codes: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    signs: str | None = None
    names: list[str] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    begun: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to search for."""
        return not (self.codes or self.ends or self.slots)


def read(text: str, *, region: str) -> Question:
    """
    Take a text apart.

    `region` is the country (ISO 3166) whose telephone numbers may be typed without its prefix, and
    whose postcodes may be typed with a space.
    """
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST_TEXT].strip()
    question = Question()
    if "@" in text:
        _read_email(question, text)
        return question
    pieces = _join(wording.fold(text), region).split()[:MOST_PIECES]
    _read_codes(question, pieces, region)
    _read_words(question, text, pieces)
    question.begun = bool(text) and text[-1].isalpha()
    return question


def _read_email(question: Question, text: str) -> None:
    address = max(text.lower().strip("<>,;").split(), key=lambda piece: "@" in piece)
    address = address.strip("<>,;")[:254]
    if len(address) > 2:
        question.codes[address] = -1
        question.ends[address] = -1
        question.signs = _EMAIL_SIGNS


def _join(folded: str, region: str) -> str:
    joined = wording.GB_POSTCODE.sub(r"\1\2", folded)
    pattern = _POSTCODES.get(region)
    joined = pattern.sub(r"\1\2", joined) if pattern else joined
    return _HOUSE_LETTER.sub(r"\1\2", _DATE.sub(_plain_date, joined))


def _plain_date(match: re.Match[str]) -> str:
    day, month, year, iso_year, iso_month, iso_day = match.groups()
    if iso_year:
        return f"{iso_year}{iso_month}{iso_day}"
    return f"{year}{int(month):02d}{int(day):02d}"


def _read_codes(question: Question, pieces: list[str], region: str) -> None:
    """Offer every run of pieces with digits in them as an identifier, or the end of one."""
    everything = (1 << len(pieces)) - 1
    whole = wording.compact("".join(pieces))
    if sum(sign.isdigit() for sign in whole) >= 3 and len(whole) <= 40:
        _offer(question, whole, everything)
    runs = _runs(pieces)
    for first, last in runs:
        _read_run(question, pieces, first, last)
        _offer_phone(question, "".join(pieces[first:last]), _bits(first, last), region)
    if runs and len(whole) > 5:
        question.signs = _DIGITS if whole.isdigit() else _DIGITS + _LETTERS


def _read_run(question: Question, pieces: list[str], first: int, last: int) -> None:
    for start in range(first, last):
        for stop in range(start + 1, last + 1):
            _offer(question, wording.compact("".join(pieces[start:stop])), _bits(start, stop))
    run = _only_signs("".join(pieces[first:last]))
    _offer_end(question, run, _bits(first, last))
    if last - first > 1:
        for at in range(first, last):
            _offer_end(question, _only_signs(pieces[at]), _bits(at, at + 1))
    # A meter's number with the material number before it, a point of delivery with its profile.
    for tail in range(_SHORTEST_TAIL, min(len(run), 24)) if len(run) > 9 else ():
        question.codes.setdefault(wording.compact(run[-tail:]), 0)


def _only_signs(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def _runs(pieces: list[str]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for at, piece in enumerate(pieces):
        if not _CODE_PIECE.fullmatch(piece):
            continue
        if runs and runs[-1][1] == at and at - runs[-1][0] < _LONGEST_RUN:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _bits(start: int, stop: int) -> int:
    return ((1 << (stop - start)) - 1) << start


def _offer(question: Question, code: str, parts: int) -> None:
    if len(code) > 2:
        question.codes[code] = question.codes.get(code, 0) | parts


def _offer_end(question: Question, end: str, parts: int) -> None:
    if len(end) < _SHORTEST_END:
        return
    question.ends[end] = parts
    if end.startswith("0") and len(end.lstrip("0")) > _SHORTEST_TAIL:
        question.ends[end.lstrip("0")] = parts


def _offer_phone(question: Question, run: str, parts: int, region: str) -> None:
    if not 6 <= sum(sign.isdigit() for sign in run) <= 17:
        return
    try:
        number = phonenumbers.parse(run, region)
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_possible_number(number):
        code = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        question.codes[code] = parts


def _read_words(question: Question, text: str, pieces: list[str]) -> None:
    typed = [(word, 1 << at) for at, piece in enumerate(pieces) for word in wording.split(piece)]
    ignored = wording.LEGAL_FORMS | wording.CONNECTING | wording.DWELLING
    words = [pair for pair in typed if pair[0] not in ignored] or typed
    words = words[:MOST_PIECES]
    if typed and len(typed) <= 4 and all(word.isalpha() for word, _parts in typed):
        plain = [word for word, _parts in typed if word not in wording.LEGAL_FORMS] or [typed[0][0]]
        question.names = [" ".join(plain[at:] + plain[:at]) for at in range(len(plain))]
    others = _other_spellings(text)
    at = 0
    while at < len(words):
        word, parts = words[at]
        following, its_parts = words[at + 1] if at + 1 < len(words) else ("", 0)
        kind = wording.STREET_KINDS.get(following) if word.isalpha() else None
        if kind is None:
            question.slots.append(_slot(word, parts, others))
            at += 1
            continue
        question.slots.append(Slot((word + kind,), parts | its_parts, (word,), 1, near=word + kind))
        question.slots.append(_slot(word, parts, others, reading=2))
        if following in _ALSO_SURNAMES:
            question.slots.append(_slot(following, its_parts, others, reading=2))
        at += 2


def _other_spellings(text: str) -> dict[str, str]:
    """Return the words that are also spelled another way, with that spelling."""
    if text.isascii():
        return {}
    found: dict[str, str] = {}
    for piece in text.split():
        plain = wording.split(piece)
        others = wording.spellings(piece)[len(plain) :]
        if len(others) == len(plain):
            found.update(zip(plain, others, strict=True))
    return found


def _slot(word: str, parts: int, others: dict[str, str], *, reading: int = 0) -> Slot:
    forms = dict.fromkeys((word, wording.shorten_street(word), others.get(word, word)))
    relaxed: tuple[str, ...] = ()
    if word[0].isdigit() and word[:-1].isdigit() and word[-1].isalpha():
        relaxed = (word[:-1],)
    may_be_mistyped = len(word) > 2 and (not word.isdigit() or len(word) < 6)
    # A house number that is one digit off is another house.
    if word[0].isdigit() and len(word) < 4:
        may_be_mistyped = False
    return Slot(
        tuple(forms),
        parts,
        relaxed,
        reading,
        wording.shorten_street(word) if may_be_mistyped else None,
    )
