"""
The places of a market: those of the ERP's book, and one for every other identifier that is valid.

So anybody may sign up anybody: a number that the book does not have gets a place made of the
number itself, the same every time. What happens there depends on its last two digits; README.md
has the list.
"""

import json
import random
import re
import sqlite3
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sandbox.erp.book.countries import COUNTRIES
from sandbox.erp.book.identifiers import external_id_is_valid
from sandbox.erp.book.market import COMPETITORS, GAS_GRIDS, GRIDS, SCHEMES, serial_number
from sandbox.register.clients import Party

UNKNOWN, DECOMMISSIONED, INACTIVE, TWICE, CUT, SWITCHING, UNSUPPLIED = (
    "00", "01", "02", "03", "04", "05", "06",
)  # fmt: skip
STATES = {DECOMMISSIONED: "DECOMMISSIONED", INACTIVE: "INACTIVE", CUT: "DISCONNECTED"}
OURS = "US"
"""Who supplies when it is the client itself."""


@dataclass(frozen=True)
class Supply:
    """Who supplies from when (to when)."""

    supplier: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Place:
    """What the network operators have told of one place."""

    external_id: str
    division: str
    street: str
    house: str
    flat: str
    postcode: str
    town: str
    country: str
    operator_code: str
    operator_name: str
    grid_area: str
    serial: str
    annual_kwh: int
    state: str = "CONNECTED"
    supplies: tuple[Supply, ...] = field(default=(), compare=False)

    def changed(self, patch: dict[str, Any]) -> "Place":
        """Return the place after what an operator said later."""
        known = {name: value for name, value in patch.items() if name in asdict(self)}
        return replace(self, **known)


class Places:
    """Answers for one client what places an identifier stands for, before anything has happened."""

    def __init__(self, party: Party, book: Path | None) -> None:
        self._party = party
        self._book = book / f"{party.code}.sqlite" if book else None

    def find(self, division: str, external_id: str, today: date) -> list[Place]:
        """Return none, one or two places."""
        scheme = SCHEMES[self._party.country, division]
        if not external_id_is_valid(scheme, external_id):
            return []
        known = self._of_book(division, external_id)
        if known is not None:
            return [known]
        return self._derived(division, external_id, today)

    def _of_book(self, division: str, external_id: str) -> Place | None:
        """Read the ERP's book where it lies; it may not be there yet, or be in the making."""
        if self._book is None or not self._book.exists():
            return None
        try:
            connection = sqlite3.connect(f"file:{self._book}?mode=ro", uri=True, timeout=2)
            try:
                connection.row_factory = sqlite3.Row
                row = connection.execute(OF_BOOK, (external_id, division)).fetchone()
            finally:
                connection.close()
        except sqlite3.Error:
            return None
        return self._place(dict(row), division) if row else None

    def _place(self, row: dict[str, Any], division: str) -> Place:
        services = json.loads(row["services"])
        grid = next(entry for entry in services if entry["TypeCode"] == "DISTRIBUTION")
        competitor = COMPETITORS[self._party.country][0]
        return Place(
            external_id=row["external_id"],
            division=division,
            street=row["street"],
            house=row["house"],
            flat=row["flat"] or "",
            postcode=row["postcode"],
            town=row["city"],
            country=self._party.country,
            operator_code=grid["ProviderCode"],
            operator_name=grid["ProviderName"],
            grid_area=grid["ProviderCode"].rpartition("-")[2],
            serial=row["serial"] or "",
            annual_kwh=int(row["annual_kwh"] or 3500),
            supplies=tuple(
                Supply(
                    competitor if entry["ProviderCode"] == competitor else OURS,
                    date.fromisoformat(entry["ValidFrom"]),
                    date.fromisoformat(entry["ValidTo"]) if entry["ValidTo"] else None,
                )
                for entry in services
                if entry["TypeCode"] == "SUPPLY"
            ),
        )

    def _derived(self, division: str, external_id: str, today: date) -> list[Place]:
        what = fate(external_id, SCHEMES[self._party.country, division])
        if what == UNKNOWN:
            return []
        place = self._made(division, external_id, what, today)
        if what != TWICE:
            return [place]
        other = self._made(division, f"{external_id}#", what, today)
        return [place, replace(other, external_id=external_id)]

    def _made(self, division: str, seed: str, what: str, today: date) -> Place:
        country = COUNTRIES[self._party.country]
        rng = random.Random(f"{country.code}{division}{seed}")
        n = rng.randrange(10**6)
        town = country.towns[rng.randrange(len(country.towns))]
        code = rng.choice(town.postcodes)
        names = GRIDS[country.code]
        area = f"{10 + n % len(names)}"
        gas = division == "GAS"
        return Place(
            external_id=seed,
            division=division,
            street=rng.choice(country.streets),
            house=str(rng.randrange(1, 180)),
            flat="",
            postcode=f"{code} {rng.randrange(1, 10)}AB" if country.code == "GB" else code,
            town=town.name,
            country=country.code,
            operator_code=f"{country.code}-GAS-GRID" if gas else f"{country.code}-GRID-{area}",
            operator_name=GAS_GRIDS[country.code] if gas else names[n % len(names)],
            grid_area=area,
            serial=serial_number(country.code, division, n),
            annual_kwh=rng.randrange(1800, 6200, 50) * (4 if gas else 1),
            state=STATES.get(what, "CONNECTED"),
            supplies=self._supplies(what, today),
        )

    def _supplies(self, what: str, today: date) -> tuple[Supply, ...]:
        if what in {UNSUPPLIED, INACTIVE, DECOMMISSIONED}:
            return ()
        competitor = COMPETITORS[self._party.country][0]
        since = Supply(competitor, date(2015, 1, 1))
        if what != SWITCHING:
            return (since,)
        change = today + timedelta(days=20)
        return (replace(since, ends_on=change), Supply(f"{competitor}-2", change))


def fate(external_id: str, scheme: str) -> str:
    """Return the last two digits before the check digit, which say what a number is for."""
    if scheme == "MPRN":
        return external_id[-2:]
    if scheme == "CUPS":
        return re.sub(r"\D", "", external_id)[14:16]
    return external_id[-3:-1]


OF_BOOK = """
SELECT p.external_id, p.services, c.street, c.house, c.postcode, c.city, m.flat,
       (SELECT d.serial FROM device d WHERE d.pod_id = p.id ORDER BY d.valid_from DESC LIMIT 1)
         AS serial,
       (SELECT k.annual_kwh FROM contract k WHERE k.pod_id = p.id AND k.role = 'SUPPLY'
         ORDER BY k.start_date DESC LIMIT 1) AS annual_kwh
  FROM point_of_delivery p
  JOIN connection_object c ON c.id = p.co_id
  LEFT JOIN premise m ON m.id = p.premise_id
 WHERE p.external_id = ? AND p.division = ? AND p.origin = 'BOOK'
"""
"""What came by message is left out: the CRM's own wishes are no facts of the market."""
