"""A dozen customers with fixed numbers in each book, for demonstrations and tests.

They come first, so that their business partners are 1000000001 and following in the order of
`ROLES`; README.md lists them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.erp.book.builder import Builder
from sandbox.erp.book.countries.country import Town
from sandbox.erp.book.people import mail_part, with_defaults
from sandbox.erp.book.places import Building
from sandbox.erp.book.store import Row

ROLES: dict[str, str] = {
    "two_phones": "reached by mobile and landline; electricity and gas; pays on time",
    "dunning_2": "two bills overdue, dunning level 2",
    "vacant_above": "the flat above stands empty, with a former contract",
    "corporate_3_sites": "a company with three sites and two contact persons",
    "twin_a": "one of twins: same surname, birth date and street",
    "twin_b": "the other twin, next door",
    "dunning_3": "three bills overdue, dunning level 3, poor credit",
    "double_rate": "electricity meter with a day and a night register",
    "paper_only": "no e-mail, bills on paper, budget billing",
    "corporate_overdue": "a company with one bill overdue, dunning level 1",
    "newcomer": "moves in next month: contract in the future, no bill yet",
    "two_accounts": "electricity and gas on two contract accounts",
}


@dataclass(frozen=True)
class Cast:
    """Who plays the roles in one country."""

    town: str
    names: dict[str, tuple[str, str, str] | str]


def _cast(town: str, women: str, men: str, **names: str) -> Cast:
    parts: dict[str, tuple[str, str, str] | str] = {}
    for role, name in names.items():
        mark, _, rest = name.partition(" ")
        if mark == "org":
            parts[role] = rest
        else:
            first, _, last = rest.partition(" ")
            parts[role] = (women if mark == "f" else men, first, last)
    return Cast(town, parts)


CASTS: dict[str, Cast] = {
    "GB": _cast(
        "Leeds", "Ms", "Mr",
        two_phones="f Margaret Ashworth", dunning_2="m Daniel Okonkwo",
        vacant_above="f Priya Raman", corporate_3_sites="org Harland Bakery Ltd",
        twin_a="f Eleanor Whitcombe", twin_b="f Edith Whitcombe",
        dunning_3="m Gareth Pritchard", double_rate="f Zoë Featherstone",
        paper_only="m Arthur Pendlebury", corporate_overdue="org Moorside Textiles plc",
        newcomer="f Hannah Lindqvist", two_accounts="m Tomasz Zieliński",
    ),
    "DE": _cast(
        "Kiel", "Frau", "Herr",
        two_phones="f Hannelore Petersen", dunning_2="m Mehmet Yıldız",
        vacant_above="f Swantje Claußen", corporate_3_sites="org Bäckerei Harms GmbH",
        twin_a="f Greta Lüders", twin_b="f Frieda Lüders",
        dunning_3="m Uwe Brodersen", double_rate="f Zeynep Kaya",
        paper_only="m Karl Thiessen", corporate_overdue="org Fischhandel Nordsee GmbH & Co. KG",
        newcomer="f Johanna Timm", two_accounts="m Jörg Möller",
    ),
    "ES": _cast(
        "Bilbao", "Sra.", "Sr.",
        two_phones="f Carmen Navarro Vidal", dunning_2="m Diego Romero Luque",
        vacant_above="f Nuria Ferrer Soler", corporate_3_sites="org Panadería Castells S.L.",
        twin_a="f Lucía Iglesias Mora", twin_b="f Elena Iglesias Mora",
        dunning_3="m Iker Etxebarria Goikoetxea", double_rate="f Ángela Muñoz Peña",
        paper_only="m Joaquín Heredia Vega", corporate_overdue="org Conservas del Norte S.A.",
        newcomer="f Olivia Quintana Rey", two_accounts="m Raúl Núñez Díez",
    ),
    "DK": _cast(
        "Aalborg", "Fru", "Hr.",
        two_phones="f Kirsten Østergaard", dunning_2="m Ahmed Hussain",
        vacant_above="f Signe Nørgaard", corporate_3_sites="org Skagen Fiskeeksport ApS",
        twin_a="f Freja Lykke", twin_b="f Astrid Lykke",
        dunning_3="m Flemming Kjær", double_rate="f Lærke Søndergaard",
        paper_only="m Viggo Thøgersen", corporate_overdue="org Fjordens Møbelfabrik A/S",
        newcomer="f Ellen Højgaard", two_accounts="m Søren Brændgaard",
    ),
}  # fmt: skip

ACCOUNT_FACTS: dict[str, dict[str, Any]] = {
    "two_phones": {"payment_method": "DIRECT_DEBIT", "credit_score": 96},
    "dunning_2": {"unpaid_bills": 2, "dunning_level": 2, "credit_score": 41},
    "dunning_3": {"unpaid_bills": 3, "dunning_level": 3, "credit_score": 14},
    "corporate_overdue": {"unpaid_bills": 1, "dunning_level": 1, "credit_score": 63},
    "paper_only": {"invoice_delivery": "PAPER", "budget_billing": 1, "payment_method": "COUNTER"},
}


class Memorable:
    """Adds the dozen to a new book."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        cast = CASTS[builder.client.country]
        self.names = cast.names
        self.town = next(t for t in builder.country.towns if t.name == cast.town)
        self.street = builder.country.streets[1]

    def add(self) -> None:
        """Add all of them, in the order of ROLES."""
        for position, role in enumerate(ROLES):
            name = self.names[role]
            if isinstance(name, str):
                self._organisation(position, role, name)
            else:
                self._person(position, role, name)

    def _building(self, town: Town, house: int, flats: int = 1) -> Building:
        address = self.builder.places.take(town, town.postcodes[0], self.street, str(house))
        if address is None:
            raise ValueError(f"house {house} is given away already")
        return Building(town, address, self.builder.places.flats(flats))

    def _mobile(self, position: int) -> str:
        country = self.builder.country
        tail = f"{position + 1:03d}".rjust(country.mobile_digits, "1")
        return f"+{country.calling_code}{country.mobile_prefixes[0]}{tail}"

    def _reached_by(self, position: int, role: str, name: str) -> list[dict[str, Any]]:
        found = [{"TypeCode": "MOBILE", "Value": self._mobile(position)}]
        if role in {"two_phones", "corporate_3_sites"}:
            landline = self.builder.people.landline(self.town)
            found.append({"TypeCode": "PHONE", "Value": landline})
        if role != "paper_only":
            found.append({"TypeCode": "EMAIL", "Value": f"{mail_part(name)}@example.com"})
        return with_defaults(found)

    def _person(self, position: int, role: str, name: tuple[str, str, str]) -> None:
        builder = self.builder
        title, first, last = name
        building = self._building(self.town, 2 + 2 * position, 6 if role == "vacant_above" else 1)
        flat = building.flats.pop(0)
        born = date(1948 + (4 if role.startswith("twin") else position) * 4, 3, 17)
        partner = builder.partner(
            builder.people.person()
            | {"title": title, "first_name": first, "last_name": last, "birth_date": str(born)},
            building.address,
            flat=flat[0],
            communication=self._reached_by(position, role, f"{first} {last}"),
            contacts=[],
        )
        account = builder.account(partner, **ACCOUNT_FACTS.get(role, {}))
        premise = builder.site(building, flat, "RESIDENTIAL")
        start = builder.today - timedelta(days=800 + 30 * position)
        if role == "newcomer":
            start = (builder.month_start + timedelta(days=32)).replace(day=1)
            premise["segment"] = None
        rate = "DOUBLE" if role == "double_rate" else "SINGLE"
        usage = 2_800 + 100 * position
        builder.supply(account, premise, "ELECTRICITY", start=start, annual_kwh=usage, rate=rate)
        if role == "two_accounts":
            account = builder.account(partner, default=False)
        if role in {"two_phones", "two_accounts"}:
            builder.supply(account, premise, "GAS", start=start, annual_kwh=12_000)
        if role == "vacant_above":
            self._flat_above(account, building)
        self._remember(role, partner, account, premise)

    def _flat_above(self, account: Row, building: Building) -> None:
        """Empty the flat over the first one; the partner herself had it before."""
        builder = self.builder
        above = next(flat for flat in building.flats if flat[1] == builder.country.floors[1])
        premise = builder.site(building, above, "RESIDENTIAL")
        premise["segment"] = None
        end = builder.month_start - timedelta(days=40)
        start = end - timedelta(days=700)
        builder.supply(account, premise, "ELECTRICITY", start=start, end=end, annual_kwh=1_900)

    def _organisation(self, position: int, role: str, name: str) -> None:
        builder = self.builder
        head = self._building(self.town, 101 + 2 * position)
        partner = builder.partner(
            builder.people.organisation(self.town) | {"organisation_name": name},
            head.address,
            flat=None,
            communication=self._reached_by(position, role, name),
            contacts=builder.people.contact_persons(position, name, 2),
        )
        account = builder.account(partner, **ACCOUNT_FACTS.get(role, {}))
        sites = [head]
        if role == "corporate_3_sites":
            others = (builder.country.towns[0], builder.country.towns[2])
            sites += [self._building(town, 31 + position) for town in others]
        premises = []
        for index, building in enumerate(sites):
            premise = builder.site(building, (None, None), "CORPORATE")
            start = builder.today - timedelta(days=1_500 - 200 * index)
            usage = 42_000 + 9_000 * index
            builder.supply(account, premise, "ELECTRICITY", start=start, annual_kwh=usage)
            premises.append(premise)
        self._remember(role, partner, account, premises[0])

    def _remember(self, role: str, partner: Row, account: Row, premise: Row) -> None:
        name = partner.get("organisation_name") or (
            f"{partner['first_name']} {partner['last_name']}"
        )
        points = self.builder.rows["point_of_delivery"]
        self.builder.remembered.append(
            {
                "role": role,
                "about": ROLES[role],
                "name": name,
                "business_partner": partner["id"],
                "contract_account": account["id"],
                "premise": premise["id"],
                "address": f"{premise['flat'] or ''} {partner['house']} {partner['street']}, "
                f"{partner['postcode']} {partner['city']}".strip(),
                "communication": [entry["Value"] for entry in partner["communication"]],
                "points_of_delivery": [
                    {"division": pod["division"], "external_id": pod["external_id"]}
                    for pod in points
                    if pod["premise_id"] == premise["id"]
                ],
            }
        )
