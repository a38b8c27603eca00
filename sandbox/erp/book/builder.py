"""Collects the rows of a new book and keeps their numbers and references right."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sandbox.erp.book import market, metering
from sandbox.erp.book.countries import COUNTRIES
from sandbox.erp.book.people import People
from sandbox.erp.book.places import Building, Places
from sandbox.erp.book.schema import MASTER_DATA, NUMBER_RANGES
from sandbox.erp.book.store import Row, Store
from sandbox.erp.clients import Client

PRICE_PER_KWH = {
    "GBP": {"ELECTRICITY": 0.26, "GAS": 0.065},
    "EUR": {"ELECTRICITY": 0.29, "GAS": 0.095},
    "DKK": {"ELECTRICITY": 2.35, "GAS": 0.92},
}


class Builder:
    """The book in the making: `rows` by table, to be written by `write`."""

    def __init__(self, client: Client, today: date) -> None:
        self.client = client
        self.today = today
        self.month_start = today.replace(day=1)
        self.rng = random.Random(f"book of {client.code}")
        self.country = COUNTRIES[client.country]
        self.people = People(self.country, self.rng, today)
        self.places = Places(self.country, self.rng)
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.remembered: list[Row] = []
        self._next = {name: first for name, (first, _length) in NUMBER_RANGES.items()}

    def number(self, name: str) -> str:
        """Draw the next number of a range."""
        number = self._next[name]
        self._next[name] = number + 1
        return str(number).zfill(NUMBER_RANGES[name][1])

    def add(self, table: str, **values: Any) -> Row:
        """Add a row of the first book."""
        self.rows[table].append({"origin": "BOOK", **values})
        return self.rows[table][-1]

    def partner(self, identity: Row, address: Row, *, flat: str | None, **values: Any) -> Row:
        """Add a business partner who lives at an address."""
        segment = "CORPORATE" if identity["category"] == "ORGANISATION" else "RESIDENTIAL"
        return self.add(
            "business_partner",
            id=self.number("business_partner"),
            segment=segment,
            language=self.country.language,
            flat=flat,
            **identity,
            **address,
            **values,
        )

    def account(self, partner: Row, *, default: bool = True, **values: Any) -> Row:
        """Add a contract account; three of ten customers pay otherwise than by direct debit."""
        n = len(self.rows["contract_account"]) + 1
        method = (
            values.pop("payment_method", None)
            or self.rng.choices(("DIRECT_DEBIT", "TRANSFER", "CARD", "COUNTER"), (70, 20, 8, 2))[0]
        )
        iban, bank = self.people.bank_account(n) if method == "DIRECT_DEBIT" else (None, None)
        name = partner.get("organisation_name") or (
            f"{partner['first_name']} {partner['last_name']}"
        )
        corporate = partner["segment"] == "CORPORATE"
        defaults = {
            "invoice_delivery": self.rng.choices(("EMAIL", "PAPER", "PORTAL"), (55, 25, 20))[0],
            "budget_billing": int(not corporate and self.rng.random() < 0.5),
            "unpaid_bills": 0,
            "dunning_level": 0,
            "credit_score": self.rng.randrange(62, 100),
        }
        return self.add(
            "contract_account",
            id=self.number("contract_account"),
            bp_id=partner["id"],
            payment_method=method,
            iban=iban,
            holder=name if iban else None,
            bank_name=bank,
            language=partner["language"],
            dunning_procedure="DUN-COM" if corporate else "DUN-RES",
            is_default=int(default),
            monthly_base=0,
            billed_since=None,
            **(defaults | values),
        )

    def site(self, building: Building, flat: tuple[str | None, str | None], segment: str) -> Row:
        """Add a premise (and its connection object when it is the building's first)."""
        if not building.co_id:
            building.co_id = self.add(
                "connection_object", id=self.number("connection_object"), **building.address
            )["id"]
        return self.add(
            "premise",
            id=self.number("premise"),
            co_id=building.co_id,
            flat=flat[0],
            floor=flat[1],
            category="COMMERCIAL" if segment == "CORPORATE" else "HOUSEHOLD",
            segment=segment,
        )

    def supply(
        self,
        account: Row,
        premise: Row,
        division: str,
        *,
        start: date,
        end: date | None = None,
        annual_kwh: int,
        rate: str = "SINGLE",
    ) -> Row:
        """Add point of delivery, meter and contract(s) that supply an account at a premise."""
        n = len(self.rows["point_of_delivery"]) + 1
        country = self.client.country
        own = (f"{country}-{self.client.code.upper()}", self.client.name)
        pod = self.add(
            "point_of_delivery",
            id=self.number("point_of_delivery"),
            premise_id=premise["id"],
            co_id=premise["co_id"],
            external_id=market.external_id(country, division, n),
            scheme=market.SCHEMES[country, division],
            division=division,
            valid_from="2010-01-01",
            services=market.services(country, division, n, own=own, start=start, end=end),
        )
        installation = self.number("installation")
        hang = self._info_record if self.client.info_records else self._device
        device = hang(pod, installation, rate=rate, annual_kwh=annual_kwh, start=start, end=end)
        for role in ("SUPPLY", "GRID_USAGE") if self.client.dual else ("SUPPLY",):
            if role == "GRID_USAGE":
                installation = self.number("installation")
            self._contract(
                account,
                pod,
                device,
                role=role,
                installation=installation,
                start=start,
                end=end,
                annual_kwh=annual_kwh,
            )
        if end is None and start < self.today:
            price = PRICE_PER_KWH[self.client.currency][division]
            account["monthly_base"] += round(annual_kwh * price / 12 * 100)
            billed_since = min(account["billed_since"] or start.isoformat(), start.isoformat())
            account["billed_since"] = billed_since
        return pod

    def _info_record(
        self, pod: Row, installation: str, *, rate: str, annual_kwh: int, start: date,
        end: date | None,
    ) -> Row:  # fmt: skip
        n = len(self.rows["point_of_delivery"])
        read_on = max(min(self.month_start, end or self.month_start), start)
        return self.add(
            "device",
            id=self.number("device_info_record"),
            pod_id=pod["id"],
            installation_id=installation,
            serial=market.serial_number(self.client.country, pod["division"], n),
            rate=rate,
            valid_from=start.isoformat(),
            registers=market.registers(pod["division"], rate, annual_kwh, start, read_on),
        )

    def _device(
        self, pod: Row, installation: str, *, rate: str, annual_kwh: int, start: date,
        end: date | None,
    ) -> Row:  # fmt: skip
        """Hang a device of the house, which stays when the customer leaves."""
        return metering.install(
            self, pod, installation=installation, rate=rate, annual_kwh=annual_kwh, start=start
        )

    def _contract(
        self,
        account: Row,
        pod: Row,
        device: Row,
        *,
        role: str,
        installation: str,
        start: date,
        end: date | None,
        annual_kwh: int,
    ) -> None:
        segment = "COM" if account["dunning_procedure"] == "DUN-COM" else "RES"
        division = "GAS" if pod["division"] == "GAS" else "EL"
        product, template = f"{division}-{segment}-FIX", f"MDT-{division}-{segment}"
        if role == "GRID_USAGE":
            grid = next(one for one in pod["services"] if one["TypeCode"] == "DISTRIBUTION")
            product = f"GRID-{division}-{segment}-{grid['ProviderCode']}"
            template = f"MDT-GRID-{division}"
        billed_until = end or max(self.month_start, start)
        if not self.client.info_records:
            metering.bill(self, pod, installation, role=role, segment=segment, device=device)
        self.add(
            "contract",
            id=self.number("contract"),
            role=role,
            bp_id=account["bp_id"],
            ca_id=account["id"],
            pod_id=pod["id"],
            premise_id=pod["premise_id"],
            installation_id=installation,
            device_id=device["id"],
            move_in_id=self.number("move_in"),
            division=pod["division"],
            product=product,
            template=template,
            start_date=start.isoformat(),
            end_date=end.isoformat() if end else None,
            term_months=12,
            status="ENDED" if end else "ACTIVE",
            annual_kwh=annual_kwh,
            billed_until=billed_until.isoformat() if billed_until > start else None,
            overall="COMPLETED",
        )

    def days_ago(self, low: int, high: int) -> date:
        """Draw a date between `low` and `high` days before today."""
        return self.today - timedelta(days=self.rng.randrange(low, high))

    def dirty(self, table: str, **values: Any) -> None:
        """Add a row whose parent does not exist."""
        self.add(table, **values)

    def write(self, store: Store) -> None:
        """Write all rows and the state of the number ranges into an empty book."""
        with store.transaction():
            for table, columns in MASTER_DATA.items():
                store.insert_many(table, columns, self.rows[table])
            for name, number in self._next.items():
                store.execute("UPDATE number_range SET next = ? WHERE name = ?", number, name)
