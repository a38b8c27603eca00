"""
How text is read, the same way when it is stored and when it is searched for.

Names and addresses become **words**: folded to plain lower-case letters and digits, without what
people leave out or write in many ways (legal forms, "and", the dot in "St."). Identifiers become
one **canonical** notation.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from identification.choices import IdentifierKind

LONGEST_WORD = 40

# Letters that Unicode does not take apart.
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "œ": "oe", "ı": "i", "ð": "d"}
)
# The other way to write a letter where the keyboard does not have it: Müller is also Mueller.
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_INSIDE_WORDS = re.compile(r"['’‘`´.]")
_WORD = re.compile(r"[^\W_]+")
_NOT_CODE = re.compile(r"[\W_]+")
GB_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LEGAL_FORMS = _set(
    "ltd limited plc llp lp cic inc llc corp co company group gmbh mbh ag kg kgaa ohg gbr ug ek ev "
    "eg se sa sl slu sau sas sarl sc scp cb aps as ks is amba bv nv oy ab srl spa"
)
CONNECTING = _set(
    "and und y e og i the of for de del la las los el der die das den des von van vom zu zum zur "
    "am an im in upon on by le les du af ved"
)
DWELLING = _set(
    "flat apt apartment unit floor room whg wohnung etage stock piso planta puerta pta lejl sal no "
    "nr number nummer hausnummer"
)
# What kind of street: the different ways to write it, and one of them for the index.
STREET_KINDS = {
    written: kind
    for kind, ways in {
        "str": "strasse str street st",
        "rd": "road rd",
        "ave": "avenue ave av",
        "ln": "lane ln",
        "cl": "close cl",
        "dr": "drive dr",
        "ct": "court ct",
        "cres": "crescent cres",
        "sq": "square sq",
        "pl": "place pl platz plads",
        "gdns": "gardens gdns",
        "gr": "grove gr",
        "ter": "terrace ter terr",
        "way": "way wy",
        "pk": "park pk",
        "hl": "hill hl",
        "gn": "green gn",
        "weg": "weg",
        "allee": "allee",
    }.items()
    for written in ways.split()
}
LEADING_STREET_KINDS = _set(
    "calle c cl avenida avda av plaza pza plz paseo pso camino carretera ctra carrer rambla ronda "
    "travesia rue via"
)
_STREET_ENDINGS = ("strasse", "str", "street", "road")


def fold(text: str) -> str:
    """Return the text in lower case, without accents and without case or width variants."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@lru_cache(maxsize=16_384)
def split(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, in their order; O'Neill and E.ON are one word each."""
    return tuple(word[:LONGEST_WORD] for word in _WORD.findall(_INSIDE_WORDS.sub("", fold(text))))


@lru_cache(maxsize=16_384)
def spellings(text: str) -> tuple[str, ...]:
    """Return the words of a text, and after them those that are also spelled another way."""
    words = split(text)
    if text.isascii():
        return words
    composed = unicodedata.normalize("NFC", text.lower())
    spelled = composed.translate(_SPELLED_OUT)
    if spelled == composed:
        return words
    return words + tuple(word for word in split(spelled) if word not in words)


def deletions(word: str) -> set[str]:
    """
    Return the word and what is left of it without any one of its letters.

    Two words that are one slip of the finger apart have one of these in common.
    """
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def without(words: tuple[str, ...], *ignored: frozenset[str]) -> tuple[str, ...]:
    """Return the words that are in none of the sets, or all of them where nothing would be left."""
    kept = tuple(word for word in words if not any(word in each for each in ignored))
    return kept or words


def name_words(name: str) -> tuple[str, ...]:
    """Return the words a person's name, or a town, is found by."""
    return without(spellings(name), CONNECTING)


def organisation_words(name: str) -> tuple[str, ...]:
    """Return the words an organisation is found by, its legal form left out."""
    return without(spellings(name), LEGAL_FORMS, CONNECTING)


@lru_cache(maxsize=16_384)
def street_words(street: str) -> tuple[str, ...]:
    """
    Return the words a street is found by.

    What kind of street it is sticks to the name: "Church Road" is found by `church` and, before
    Church Street, by `churchrd`; "Hauptstraße", "Hauptstr." and "Haupt Str." by `hauptstr`.
    """
    words = list(without(spellings(street), CONNECTING))
    if len(words) > 1 and words[0] in LEADING_STREET_KINDS:
        del words[0]
    found: list[str] = []
    for at, word in enumerate(words):
        kind = STREET_KINDS.get(word) if at else None
        if kind:
            found.append(words[at - 1] + kind)
        else:
            found.append(shorten_street(word))
    return tuple(found)


def shorten_street(word: str) -> str:
    """Return a word that ends in a kind of street with the kind in its one notation."""
    for ending in _STREET_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + STREET_KINDS[ending]
    return word


def house_words(*numbers: str) -> tuple[str, ...]:
    """Return the numbers in a house number, flat or floor: "12 A" is `12a`, "12-14" is both."""
    found: list[str] = []
    for number in numbers:
        if number:
            found += re.findall(r"\d+(?:\s?[a-z]\b)?", fold(number))
    return tuple(word.replace(" ", "")[:LONGEST_WORD] for word in found)


def house_names(*numbers: str) -> tuple[str, ...]:
    """Return the words of a house that has a name instead of a number."""
    words = tuple(word for number in numbers if number for word in split(number))
    return tuple(
        word for word in words if word.isalpha() and len(word) > 2 and word not in DWELLING
    )


@lru_cache(maxsize=16_384)
def postcode_words(postcode: str) -> tuple[str, ...]:
    """Return the postcode without spaces and, for a British one, its first half as well."""
    plain = _NOT_CODE.sub("", fold(postcode))[:LONGEST_WORD]
    if not plain:
        return ()
    british = GB_POSTCODE.fullmatch(plain)
    return (plain, british.group(1)) if british else (plain,)


def compact(text: str) -> str:
    """Return what is left of a number when everything but letters and digits is taken out.

    Leading zeros go too: nobody says the zeros that the ERP pads with.
    """
    code = _NOT_CODE.sub("", text).upper()
    return code.lstrip("0") or code[:1]


def canonical(kind: IdentifierKind | str, value: str) -> str:
    """
    Return the notation in which identifiers of a kind are stored and compared.

    Telephone numbers are expected in E.164, as `utilcrm.identifiers` gives them. Numbers lose
    spaces, punctuation and leading zeros.
    """
    if kind == IdentifierKind.EMAIL:
        return value.strip().lower()
    if kind == IdentifierKind.PHONE and value.strip().startswith("+"):
        return "+" + _NOT_CODE.sub("", value)
    return compact(value)
