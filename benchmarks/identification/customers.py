"""
Customers of a British retailer who do not exist: names by Zipf's law, addresses that fit together.

Nothing is drawn from lists of real people. A seed and a number give the same customers every time.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, islice


def _list(words: str) -> list[str]:
    return words.split()


_ONSETS = _list(
    "b br c ch cl cr d dr f fl g gr h j k l m n p ph pr r s sc sh sl sm st t th tr v w wh y"
)
_NUCLEI = _list("a e i o u ai ea ee oo ou ie")
_CODAS = [*_list("n r l s t d m ck ll nd ng rd rt st th x y"), ""]
_ENDINGS = _list("son ton ley man er ford wood well ham by field worth kin s")
_STREET_KINDS = _list("Road Street Avenue Lane Close Drive Court Crescent Gardens Grove Way Place")
_STREET_WEIGHTS = (22, 16, 13, 8, 12, 8, 5, 4, 4, 3, 3, 2)
_AREAS = _list(
    "AB B BA BD BH BN BS CB CF CH CR CV DE DH DN E EH EX G GL GU HU IP KT L LE LS M N NE NG NR "
    "NW OX PE PL PO PR RG S SE SN SO ST SW TN W WF WV YO"
)
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_TRADES = _list(
    "Bakery Builders Catering Cleaning Consulting Dental Electrical Engineering Estates Farm "
    "Foods Garage Hotel Joinery Logistics Plumbing Printing Services Textiles Transport"
)
_LEGAL = _list("Ltd Limited PLC LLP")
_MAIL_HOSTS = _list("gmail.example outlook.example hotmail.example icloud.example post.example")
_MAIL_WEIGHTS = (45, 25, 8, 12, 10)
_FIRST_NAMES = 1_200
_STREET_NAMES = 12_000
_TOWNS = 1_500

CORPORATE_SHARE = 0.06
BLOCK = 1_000
"""Customers are drawn by the block, each from its own number."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer, with one business agreement and one electricity meter."""

    number: int
    account_uuid: uuid.UUID
    premise_uuid: uuid.UUID
    first: str
    last: str
    organisation: str
    birth_date: date | None
    house: str
    flat: str
    street: str
    town: str
    postcode: str
    phone: str
    email: str
    meter: str
    mpan: str

    @property
    def account_number(self) -> str:
        """Ten digits."""
        return f"{1_000_000_000 + self.number * 7}"

    @property
    def erp_partner(self) -> str:
        """Ten digits, leading zeros among them."""
        return f"{20_000_000 + self.number * 3:010d}"

    @property
    def agreement_number(self) -> str:
        """Twelve digits."""
        return f"{300_000_000_000 + self.number * 11}"

    @property
    def name(self) -> str:
        """The name as it is written."""
        return self.organisation or f"{self.first} {self.last}"

    @property
    def address(self) -> str:
        """The address in one line."""
        flat = f"Flat {self.flat}, " if self.flat else ""
        return f"{flat}{self.house} {self.street}, {self.postcode} {self.town}"


@dataclass(frozen=True, slots=True)
class _Town:
    name: str
    streets: Sequence[tuple[str, str]]


class _Zipf:
    """Draws values whose frequency falls with their rank."""

    def __init__(self, values: Sequence[str], draw: random.Random, *, flatten: float) -> None:
        self._values = values
        self._draw = draw
        self._weights = list(accumulate(1 / (rank + flatten) for rank in range(len(values))))

    def one(self) -> str:
        return self._draw.choices(self._values, cum_weights=self._weights)[0]


class Population:
    """Everything that customers are drawn from."""

    def __init__(self, *, surnames: int, seed: int = 20_261_123) -> None:
        self._seed = seed
        self._draw = draw = random.Random(seed)  # noqa: S311 - nothing is secret here
        self._surnames = _Zipf(_made_up(draw, surnames, endings=True), draw, flatten=8)
        self._firsts = _Zipf(_made_up(draw, _FIRST_NAMES, endings=False), draw, flatten=12)
        streets = _Zipf(_made_up(draw, _STREET_NAMES, endings=True), draw, flatten=40)
        self._towns = [
            self._town(name, rank, streets)
            for rank, name in enumerate(_made_up(draw, _TOWNS, endings=True))
        ]
        self._town_weights = list(accumulate(1 / (rank + 8) for rank in range(_TOWNS)))

    def _town(self, name: str, rank: int, streets: _Zipf) -> _Town:
        draw = self._draw
        area = draw.choice(_AREAS)
        suffix = draw.choice(["", "", "", " Regis", " upon Wey", " Green"])
        return _Town(
            name + suffix,
            [
                (
                    f"{streets.one()} {draw.choices(_STREET_KINDS, _STREET_WEIGHTS)[0]}",
                    _postcode(draw, area),
                )
                for _ in range(max(20, 6_000 // (rank + 3)))
            ],
        )

    def customers(self, count: int) -> Iterator[Customer]:
        """Give `count` customers, one at a time."""
        for first in range(0, count, BLOCK):
            yield from islice(self.block(first // BLOCK), count - first)

    def block(self, number: int) -> Iterator[Customer]:
        """Give one block of customers, without drawing those before it."""
        self._draw.seed(f"{self._seed} {number}")
        return (self._customer(number * BLOCK + each) for each in range(BLOCK))

    def _customer(self, number: int) -> Customer:
        draw = self._draw
        town = draw.choices(self._towns, cum_weights=self._town_weights)[0]
        street, postcode = draw.choice(town.streets)
        first, last = self._firsts.one(), self._surnames.one()
        is_person = draw.random() >= CORPORATE_SHARE
        host = draw.choices(_MAIL_HOSTS, _MAIL_WEIGHTS)[0]
        return Customer(
            number=number,
            account_uuid=uuid.UUID(int=draw.getrandbits(128), version=4),
            premise_uuid=uuid.UUID(int=draw.getrandbits(128), version=4),
            first=first if is_person else "",
            last=last if is_person else "",
            organisation=""
            if is_person
            else f"{last} {draw.choice(_TRADES)} {draw.choice(_LEGAL)}",
            birth_date=date(1935, 1, 1) + timedelta(draw.randrange(25_900)) if is_person else None,
            house=str(draw.randint(1, 180)) + ("" if draw.random() < 0.95 else draw.choice("ABC")),
            flat=str(draw.randint(1, 40)) if draw.random() < 0.18 else "",
            street=street,
            town=town.name,
            postcode=postcode,
            phone=f"+447{draw.randint(400_000_000, 999_999_999)}",
            email=f"{first}.{last}{draw.randrange(1000)}@{host}".lower(),
            meter=f"{draw.choice('DEKLS')}{draw.randint(10, 26)}{draw.choice('AKMZ')}"
            f"{draw.randrange(10_000_000):07d}",
            mpan=_mpan(draw),
        )


def _postcode(draw: random.Random, area: str) -> str:
    unit = draw.choice(_INWARD) + draw.choice(_INWARD)
    return f"{area}{draw.randint(1, 39)} {draw.randint(0, 9)}{unit}"


def _made_up(draw: random.Random, count: int, *, endings: bool) -> list[str]:
    """Return distinct names, the first of them meant to be the common ones."""
    found: dict[str, None] = {}
    while len(found) < count:
        word = "".join(
            draw.choice(_ONSETS) + draw.choice(_NUCLEI) + draw.choice(_CODAS)
            for _ in range(1 if draw.random() < 0.35 else 2)
        )
        if endings and draw.random() < 0.6:
            word += draw.choice(_ENDINGS)
        if 3 <= len(word) <= 14:
            found[word.capitalize()] = None
    return list(found)


def _mpan(draw: random.Random) -> str:
    """Return a meter point administration number: twelve digits and a check digit."""
    digits = [1, *(draw.randint(0, 9) for _ in range(11))]
    primes = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)
    check = sum(digit * prime for digit, prime in zip(digits, primes, strict=True)) % 11 % 10
    return "".join(map(str, [*digits, check]))
