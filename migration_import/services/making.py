"""Make the records of a chunk of rows: customers, agreements, places, meters, contracts, links."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from accounts.models import Account, BusinessAgreement
from accounts.services.importing import (
    ImportedAccount,
    ImportedAgreement,
    import_accounts,
    import_agreements,
)
from contracts.services.importing import ImportedContract, import_contracts, price_keys
from devices.choices import Rate
from devices.services.importing import ImportedMeter, import_meters
from migration_import.models import FileImport
from migration_import.services.identity import uuid_of
from migration_import.services.linking import index_chunk, link_objects, tell_timelines
from premises.models import PointOfDelivery
from premises.services.importing import ImportedSite, import_sites
from products.models import Product
from tenants.queries import current_profile

Rows = Sequence[tuple[int, Mapping[str, Any]]]


@dataclass
class Chunk:
    """The rows of a chunk under their UUIDs, and what was made of them."""

    file_import: FileImport
    rows: Rows
    made: list[tuple[models.Model, int]] = field(default_factory=list)

    def account_uuid(self, values: Mapping[str, Any]) -> UUID:
        """Return the customer's UUID."""
        return uuid_of(self.file_import.source_system, "account", values["key"])

    def agreement_uuid(self, values: Mapping[str, Any]) -> UUID:
        """Return the UUID of the customer's agreement with these terms."""
        terms = values["agreement"]
        keys = (
            terms["erp_number"],
            terms["payment_method"],
            terms["iban"],
            terms["invoice_delivery"],
        )
        return uuid_of(self.file_import.source_system, "agreement", values["key"], *keys)

    def contract_uuid(self, values: Mapping[str, Any]) -> UUID:
        """Return the contract's UUID."""
        return uuid_of(self.file_import.source_system, "contract", values["contract"]["key"])

    def note(self, objects: Iterable[models.Model], number_of: Mapping[Any, int]) -> None:
        """Remember which row each new record was made of."""
        self.made += [(one, number_of[one.uuid]) for one in objects]  # type: ignore[attr-defined]

    def with_contract(self) -> Rows:
        """Return the rows that have a contract."""
        return [row for row in self.rows if row[1]["contract"]]


def make_records(file_import: FileImport, rows: Rows) -> Counter[str]:
    """
    Make what is not here yet, in the caller's transaction, and return how many of each kind.

    :raises django.db.IntegrityError: if one of the rows contradicts what is here
    """
    chunk = Chunk(file_import, rows)
    _accounts(chunk)
    _agreements(chunk)
    pods = _sites(chunk)
    _meters(chunk, pods)
    _contracts(chunk, pods)
    link_objects(file_import, chunk.made)
    tell_timelines(file_import, chunk.made)
    index_chunk(
        accounts=[chunk.account_uuid(values) for _number, values in rows],
        pods=list(pods.values()),
    )
    return Counter(one._meta.label for one, _number in chunk.made)


def _accounts(chunk: Chunk) -> None:
    wanted: dict[UUID, ImportedAccount] = {}
    number_of: dict[UUID, int] = {}
    for number, values in chunk.rows:
        uuid = chunk.account_uuid(values)
        facts = {**values["account"], "birth_date": _day(values["account"]["birth_date"])}
        wanted.setdefault(uuid, ImportedAccount(uuid, facts, values["contacts"]))
        number_of.setdefault(uuid, number)
    chunk.note(import_accounts(wanted.values()), number_of)


def _agreements(chunk: Chunk) -> None:
    wanted: dict[UUID, ImportedAgreement] = {}
    number_of: dict[UUID, int] = {}
    for number, values in chunk.rows:
        uuid = chunk.agreement_uuid(values)
        facts = {**values["agreement"], "language": values["account"]["language"]}
        wanted.setdefault(uuid, ImportedAgreement(uuid, chunk.account_uuid(values), facts))
        number_of.setdefault(uuid, number)
    chunk.note(import_agreements(wanted.values()), number_of)


def _sites(chunk: Chunk) -> dict[str, PointOfDelivery]:
    market = current_profile().market
    sites: dict[str, ImportedSite] = {}
    number_of: dict[Any, int] = {}
    for number, values in chunk.with_contract():
        site = ImportedSite(
            **values["site"],
            country=market,
            valid_from=dt.date.fromisoformat(values["contract"]["starts_on"]),
        )
        sites.setdefault(site.pod_id, site)
        for key in (site.pod_id, site.key, site.door):
            number_of.setdefault(key, number)
    found = import_sites(sites.values(), market=market)
    for made in (found.new_buildings, found.new_premises, found.new_pods):
        chunk.made += [(one, number_of[key]) for key, one in made.items()]
    return found.pods


def _meters(chunk: Chunk, pods: Mapping[str, PointOfDelivery]) -> None:
    number_of: dict[int, int] = {}
    meters: list[ImportedMeter] = []
    for number, values in chunk.with_contract():
        meter, contract = values["meter"], values["contract"]
        if meter:
            pod = pods[values["site"]["pod_id"]]
            number_of.setdefault(pod.pk, number)
            meters.append(
                ImportedMeter(
                    pod=pod,
                    serial_number=meter["serial"],
                    rate=meter["rate"],
                    digits=meter["digits"],
                    valid_from=dt.date.fromisoformat(contract["starts_on"]),
                    valid_to=None,
                    readings=_readings(meter),
                )
            )
    chunk.made += [(one, number_of[one.pod_id]) for one in import_meters(meters)]


def _contracts(chunk: Chunk, pods: Mapping[str, PointOfDelivery]) -> None:
    rows = chunk.with_contract()
    accounts = _keys(Account, (chunk.account_uuid(values) for _number, values in rows))
    agreements = _keys(
        BusinessAgreement, (chunk.agreement_uuid(values) for _number, values in rows)
    )
    codes = {values["contract"]["product_code"] for _number, values in rows}
    products = {product.code: product for product in Product.objects.filter(code__in=codes)}
    wanted: list[ImportedContract] = []
    number_of: dict[UUID, int] = {}
    for number, values in rows:
        uuid = chunk.contract_uuid(values)
        number_of[uuid] = number
        wanted.append(
            _contract(
                values,
                uuid=uuid,
                account_id=accounts[chunk.account_uuid(values)],
                agreement_id=agreements[chunk.agreement_uuid(values)],
                pod_id=pods[values["site"]["pod_id"]].pk,
                product=products[values["contract"]["product_code"]],
            )
        )
    contracts, items = import_contracts(wanted)
    chunk.note(contracts, number_of)
    chunk.made += [(item, number_of[item.contract.uuid]) for item in items]


def _contract(values: Mapping[str, Any], **known: Any) -> ImportedContract:
    facts, meter = values["contract"], values["meter"] or {}
    rate = meter.get("rate") or (Rate.DOUBLE if facts["night_price"] else Rate.SINGLE)
    keys = price_keys(is_double=rate == Rate.DOUBLE)
    return ImportedContract(
        starts_on=dt.date.fromisoformat(facts["starts_on"]),
        ends_on=_day(facts["ends_on"]),
        term_months=facts["term_months"],
        expected_annual_kwh=facts["expected_annual_kwh"],
        erp_numbers={"SUPPLY": facts["erp_number"], "GRID_USAGE": facts["grid_erp_number"]},
        prices={
            place: Decimal(facts[key]) for key, place in keys.items() if facts[key] is not None
        },
        meter_serial=meter.get("serial", ""),
        rate=str(rate),
        digits=meter.get("digits", 6),
        readings=_readings(meter),
        **known,
    )


def _keys(model: Any, uuids: Iterable[UUID]) -> dict[UUID, int]:
    return dict(model.objects.filter(uuid__in=set(uuids)).values_list("uuid", "pk"))


def _readings(meter: Mapping[str, Any]) -> tuple[Decimal | None, ...]:
    values = (meter.get("reading"), meter.get("night_reading"))
    return tuple(Decimal(value) if value is not None else None for value in values)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
