"""Ordinary customers: households, companies with several sites, flats that stand empty."""

from datetime import date, timedelta
from typing import Any

from sandbox.erp.book.builder import Builder
from sandbox.erp.book.places import Building
from sandbox.erp.book.store import Row

GAS_SHARE = {"GB": 0.55, "DE": 0.48, "ES": 0.45, "DK": 0.12}
ORGANISATION_SHARE = 0.06
OVERDUE_SHARE = 0.12
VACANT_SHARE = 0.035
LONGEST_CUSTOMER_DAYS = 12 * 365


class Population:
    """Fills a book with customers who live in the buildings that are drawn for them."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.rng = builder.rng
        self._building: Building | None = None
        self._moved: Row | None = None

    def add(self, customers: int) -> None:
        """Add customers up to a number."""
        while len(self.builder.rows["business_partner"]) < customers:
            if self.rng.random() < ORGANISATION_SHARE:
                self._organisation()
            else:
                self._person()

    def _dwelling(self) -> tuple[Building, tuple[str | None, str | None]]:
        if self._building is None or not self._building.flats:
            self._building = self.builder.places.building()
        return self._building, self._building.flats.pop(0)

    def _since(self) -> date:
        return self.builder.days_ago(40, LONGEST_CUSTOMER_DAYS)

    def _manners(self) -> dict[str, Any]:
        """Return how an account pays: one of eight is overdue, at dunning level one to three."""
        if self.rng.random() >= OVERDUE_SHARE:
            return {}
        level = self.rng.choices((1, 2, 3), (60, 27, 13))[0]
        score = self.rng.randrange(12, 72) - 8 * level
        return {"unpaid_bills": level, "dunning_level": level, "credit_score": max(score, 3)}

    def _person(self) -> None:
        builder = self.builder
        building, flat = self._dwelling()
        if self._moved is not None and self.rng.random() < VACANT_SHARE:
            self._vacant(building, flat, self._moved)
            building, flat = self._dwelling()
        identity = builder.people.person()
        n = len(builder.rows["business_partner"]) + 1
        name = f"{identity['first_name']} {identity['last_name']}"
        partner = builder.partner(
            identity,
            building.address,
            flat=flat[0],
            communication=builder.people.reached_by(n, name, building.town),
            contacts=[],
        )
        account = builder.account(partner, **self._manners())
        premise = builder.site(building, flat, "RESIDENTIAL")
        since = self._since()
        rate = "DOUBLE" if self.rng.random() < 0.06 else "SINGLE"
        usage = self.rng.randrange(1_300, 5_600)
        builder.supply(account, premise, "ELECTRICITY", start=since, annual_kwh=usage, rate=rate)
        if self.rng.random() < GAS_SHARE[builder.client.country]:
            if self.rng.random() < 0.05:
                account = builder.account(partner, default=False)
            usage = self.rng.randrange(5_500, 22_000)
            builder.supply(account, premise, "GAS", start=since, annual_kwh=usage)
        self._moved = account

    def _vacant(self, building: Building, flat: tuple[str | None, str | None], former: Row) -> None:
        """Leave a dwelling empty: its last contract belongs to someone who moved away."""
        premise = self.builder.site(building, flat, "RESIDENTIAL")
        premise["segment"] = None
        end = self.builder.days_ago(10, 500)
        start = end - timedelta(days=self.rng.randrange(200, 2_500))
        usage = self.rng.randrange(1_300, 4_500)
        self.builder.supply(former, premise, "ELECTRICITY", start=start, end=end, annual_kwh=usage)

    def _organisation(self) -> None:
        builder = self.builder
        head = builder.places.building(flats=1)
        identity = builder.people.organisation(head.town)
        n = len(builder.rows["business_partner"]) + 1
        name = identity["organisation_name"]
        partner = builder.partner(
            identity,
            head.address,
            flat=None,
            communication=builder.people.reached_by(n, name, head.town),
            contacts=builder.people.contact_persons(n, name, self.rng.randrange(1, 4)),
        )
        account = builder.account(partner, **self._manners())
        self.sites(account, [head, *self._branches()])

    def _branches(self) -> list[Building]:
        count = self.rng.choices((0, 1, 2, 3), (62, 20, 12, 6))[0]
        return [self.builder.places.building(flats=1) for _ in range(count)]

    def sites(self, account: Row, buildings: list[Building]) -> None:
        """Supply each site of a company with electricity, half of them with gas too."""
        for building in buildings:
            premise = self.builder.site(building, (None, None), "CORPORATE")
            since = self._since()
            usage = self.rng.randrange(9_000, 240_000)
            rate = "DOUBLE" if self.rng.random() < 0.3 else "SINGLE"
            self.builder.supply(
                account, premise, "ELECTRICITY", start=since, annual_kwh=usage, rate=rate
            )
            if self.rng.random() < GAS_SHARE[self.builder.client.country]:
                usage = self.rng.randrange(20_000, 300_000)
                self.builder.supply(account, premise, "GAS", start=since, annual_kwh=usage)
