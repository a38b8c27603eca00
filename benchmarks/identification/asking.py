"""What callers say, as it is written down and with a slip of the finger."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.identification.customers import Customer

Say = Callable[[Customer, random.Random], str]


@dataclass(frozen=True)
class Kind:
    """One kind of thing a caller says, and how fast the answer has to be (p95, ms of SQL)."""

    name: str
    say: Say
    limit: float
    of_organisation: bool = False
    is_expected: bool = True
    """Whether it says enough for the wanted customer to be among the first twenty."""


def slip(word: str, draw: random.Random) -> str:
    """Return the word with one letter or digit too many, missing, wrong, or swapped."""
    signs = string.digits if word.isdigit() else string.ascii_lowercase
    at = draw.randrange(1, len(word) - 1) if len(word) > 2 else 0
    return draw.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + draw.choice(signs) + word[at:],
            word[:at] + draw.choice(signs) + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        ]
    )


def _slip_in_digits(number: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(number) - 1)
    return number[:at] + str((int(number[at]) + draw.randint(1, 9)) % 10) + number[at + 1 :]


def _spoken(phone: str) -> str:
    return f"0{phone[3:7]} {phone[7:]}"


def _slip_in_email(email: str, draw: random.Random) -> str:
    local, _at, host = email.partition("@")
    return f"{slip(local, draw)}@{host}"


def _slip_in_street(customer: Customer, draw: random.Random) -> str:
    name, kind = customer.street.rsplit(" ", 1)
    return f"{slip(name.lower(), draw)} {kind}"


IDENTIFIERS_MS = 10.0
WORDS_MS = 30.0

KINDS = [
    Kind("account number", lambda c, r: c.account_number, IDENTIFIERS_MS),
    Kind("ERP business partner, no zeros", lambda c, r: c.erp_partner.lstrip("0"), IDENTIFIERS_MS),
    Kind("business agreement", lambda c, r: c.agreement_number, IDENTIFIERS_MS),
    Kind("telephone, national", lambda c, r: _spoken(c.phone), IDENTIFIERS_MS),
    Kind("telephone, last six", lambda c, r: c.phone[-6:], IDENTIFIERS_MS),
    Kind("e-mail", lambda c, r: c.email, IDENTIFIERS_MS),
    Kind("meter", lambda c, r: c.meter, IDENTIFIERS_MS),
    Kind("meter, last six", lambda c, r: c.meter[-6:], IDENTIFIERS_MS),
    Kind("meter after a material number", lambda c, r: f"MAT-88 {c.meter}", IDENTIFIERS_MS),
    Kind("point of delivery, spaced", lambda c, r: f"{c.mpan[:2]} {c.mpan[2:6]} {c.mpan[6:]}",
         IDENTIFIERS_MS),
    Kind("postcode + meter", lambda c, r: f"{c.postcode} {c.meter}", IDENTIFIERS_MS),
    Kind("telephone ~", lambda c, r: "0" + _slip_in_digits(c.phone[3:], r), IDENTIFIERS_MS),
    Kind("point of delivery ~", lambda c, r: _slip_in_digits(c.mpan, r), IDENTIFIERS_MS),
    Kind("meter ~", lambda c, r: c.meter[:4] + _slip_in_digits(c.meter[4:], r), IDENTIFIERS_MS),
    Kind("e-mail ~", lambda c, r: _slip_in_email(c.email, r), IDENTIFIERS_MS),
    Kind("surname alone", lambda c, r: c.last, WORDS_MS, is_expected=False),
    Kind("first name + surname", lambda c, r: f"{c.first} {c.last}", WORDS_MS),
    Kind("surname + first name", lambda c, r: f"{c.last} {c.first}", WORDS_MS),
    Kind("surname + initials of first name", lambda c, r: f"{c.last} {c.first[:3]}", WORDS_MS),
    Kind("surname + date of birth", lambda c, r: f"{c.last} {c.birth_date:%d/%m/%Y}", WORDS_MS),
    Kind("surname + town", lambda c, r: f"{c.last} {c.town}", WORDS_MS),
    Kind("surname + postcode", lambda c, r: f"{c.last} {c.postcode}", WORDS_MS),
    Kind("surname + street", lambda c, r: f"{c.last} {c.street}", WORDS_MS),
    Kind("surname + last four of telephone", lambda c, r: f"{c.last} {c.phone[-4:]}", WORDS_MS),
    Kind("street + house + town", lambda c, r: f"{c.house} {c.street} {c.town}", WORDS_MS),
    Kind("house + postcode", lambda c, r: f"{c.house} {c.postcode}", WORDS_MS),
    Kind("organisation", lambda c, r: c.organisation.rsplit(" ", 1)[0], WORDS_MS,
         of_organisation=True),
    Kind("organisation + town", lambda c, r: f"{c.organisation.split()[0]} {c.town}", WORDS_MS,
         of_organisation=True),
    Kind("surname~ alone", lambda c, r: slip(c.last.lower(), r), WORDS_MS, is_expected=False),
    Kind("first name + surname~", lambda c, r: f"{c.first} {slip(c.last.lower(), r)}", WORDS_MS),
    Kind("first name~ + surname~",
         lambda c, r: f"{slip(c.first.lower(), r)} {slip(c.last.lower(), r)}", WORDS_MS),
    Kind("surname~ + town", lambda c, r: f"{slip(c.last.lower(), r)} {c.town}", WORDS_MS),
    Kind("first name + surname~ + town",
         lambda c, r: f"{c.first} {slip(c.last.lower(), r)} {c.town}", WORDS_MS),
    Kind("surname~ + postcode", lambda c, r: f"{slip(c.last.lower(), r)} {c.postcode}", WORDS_MS),
    Kind("surname + street~", lambda c, r: f"{c.last} {_slip_in_street(c, r)}", WORDS_MS),
    Kind("street~ + house + town", lambda c, r: f"{c.house} {_slip_in_street(c, r)} {c.town}",
         WORDS_MS),
    Kind("street + house + town~",
         lambda c, r: f"{c.house} {c.street} {slip(c.town.split()[0].lower(), r)}", WORDS_MS),
    Kind("organisation~ + town",
         lambda c, r: f"{slip(c.organisation.split()[0].lower(), r)} {c.town}", WORDS_MS,
         of_organisation=True),
]  # fmt: skip
