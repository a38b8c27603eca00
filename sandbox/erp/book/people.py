"""Persons and organisations with names, telephones, e-mail and bank accounts that fit a country."""

import random
import re
import unicodedata
from datetime import date, timedelta
from functools import cache
from typing import Any

from sandbox.erp.book.countries.country import Country, Town
from sandbox.erp.book.identifiers import iban, spanish_bban, spanish_nif, vat_number

GOLDEN = 0.6180339887498949
ROLES = ("Managing director", "Facility manager", "Accounts payable", "Energy buyer", "Owner")
SPECIAL = str.maketrans({"ß": "ss", "ø": "oe", "Ø": "Oe", "æ": "ae", "Æ": "Ae", "ı": "i"})


@cache
def _step(digits: int) -> int:
    step = int(GOLDEN * 10**digits)
    while step % 2 == 0 or step % 5 == 0:
        step += 1
    return step


def scatter(n: int, digits: int) -> str:
    """Return a number of `digits` digits that looks random and is different for each n.

    A step that shares no factor with 10 visits every number before it meets one again.
    """
    return str((n * _step(digits) + 31_337) % 10**digits).zfill(digits)


def mail_part(text: str) -> str:
    """Return the ASCII letters of a name, as people have them in e-mail addresses."""
    plain = unicodedata.normalize("NFKD", text.translate(SPECIAL)).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", ".", plain.decode().lower()).strip(".")


class People:
    """Draws people of one country. The same `rng` state draws the same people."""

    def __init__(self, country: Country, rng: random.Random, today: date) -> None:
        self.country = country
        self.rng = rng
        self.today = today
        self._count = 0

    def person(self) -> dict[str, Any]:
        """Return name, title and birth date of a new person."""
        self._count += 1
        female = self.rng.random() < 0.51
        first = self.rng.choice(self.country.female_names if female else self.country.male_names)
        if self.rng.random() < 0.06:
            second = self.country.female_names if female else self.country.male_names
            first = f"{first}{'-' if self.country.code == 'DE' else ' '}{self.rng.choice(second)}"
        born = self.today - timedelta(days=self.rng.randrange(19 * 365, 90 * 365))
        return {
            "category": "PERSON",
            "title": self.country.titles[0 if female else 1],
            "first_name": first,
            "last_name": self._surname(),
            "birth_date": born.isoformat(),
            "tax_id": spanish_nif(self._count * 17) if self.country.code == "ES" else None,
        }

    def _surname(self) -> str:
        surname = self.rng.choice(self.country.surnames)
        if self.country.code == "ES":
            return f"{surname} {self.rng.choice(self.country.surnames)}"
        if self.rng.random() < 0.05:
            return f"{surname}-{self.rng.choice(self.country.surnames)}"
        return surname

    def organisation(self, town: Town) -> dict[str, Any]:
        """Return name and tax number of a new company."""
        self._count += 1
        word = self.rng.choice(self.country.business_words)
        name = town.name if self.rng.random() < 0.25 else self.rng.choice(self.country.surnames)
        form = self.rng.choice(self.country.business_forms)
        parts = (name, word) if self.country.code in {"GB", "DK"} else (word, name)
        return {
            "category": "ORGANISATION",
            "organisation_name": f"{' '.join(parts)} {form}",
            "tax_id": vat_number(self.country.code, self._count),
        }

    def mobile(self, n: int) -> str:
        """Return the n-th mobile number; the first prefix is kept for the memorable people."""
        prefixes = self.country.mobile_prefixes[1:]
        tail = scatter(n, self.country.mobile_digits)
        return f"+{self.country.calling_code}{prefixes[n % len(prefixes)]}{tail}"

    def landline(self, town: Town) -> str:
        """Return a number in the area of a town."""
        low = 2 * 10 ** (town.dial_digits - 1)
        tail = self.rng.randrange(low, 10**town.dial_digits)
        return f"+{self.country.calling_code}{town.dial}{tail}"

    def reached_by(self, n: int, name: str, town: Town) -> list[dict[str, Any]]:
        """Return the telephones and e-mail of a customer: most have two of the three."""
        found = []
        if self.rng.random() < 0.9:
            found.append({"TypeCode": "MOBILE", "Value": self.mobile(n)})
        if not found or self.rng.random() < 0.3:
            found.append({"TypeCode": "PHONE", "Value": self.landline(town)})
        if self.rng.random() < 0.8:
            domain = self.rng.choice(("example.com", "example.net", "example.org"))
            address = f"{mail_part(name)}{n if self.rng.random() < 0.5 else ''}@{domain}"
            found.append({"TypeCode": "EMAIL", "Value": address})
        return with_defaults(found)

    def contact_persons(self, n: int, organisation: str, count: int) -> list[dict[str, Any]]:
        """Return the people to talk to in a company."""
        contacts = []
        for position in range(count):
            person = self.person()
            name = f"{person['first_name']} {person['last_name']}"
            contacts.append(
                {
                    "Name": name,
                    "FunctionName": ROLES[(n + position) % len(ROLES)],
                    "Phone": self.mobile(500_000 + n * 3 + position),
                    "Email": f"{mail_part(name)}@{mail_part(organisation)[:40]}.example",
                }
            )
        return contacts

    def bank_account(self, n: int) -> tuple[str, str]:
        """Return IBAN and bank of the n-th account."""
        code, bank = self.country.bank_codes[n % len(self.country.bank_codes)]
        if self.country.code == "ES":
            return iban("ES", spanish_bban(code, scatter(n, 10))), bank
        digits = {"GB": 8, "DE": 10, "DK": 10}[self.country.code]
        return iban(self.country.code, code + scatter(n, digits)), bank


def with_defaults(communication: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mark the first telephone and the first e-mail as the ones to use."""
    seen: set[bool] = set()
    for entry in communication:
        is_mail = entry["TypeCode"] == "EMAIL"
        entry["DefaultIndicator"] = is_mail not in seen
        seen.add(is_mail)
    return communication
