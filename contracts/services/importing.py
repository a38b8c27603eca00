"""
Take over contracts of another system, set by set.

They were concluded elsewhere: nobody signs them, no letter welcomes anybody, and the ERP is told
nothing. With the ERP's number an item is completed, or ended; without, it waits as imported.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from contracts.choices import ContractSource, ContractStatus, ItemRole, ItemStatus
from contracts.models import Contract, ContractItem, ContractItemPrice, ContractItemRegister
from devices.choices import Rate, RateType, Unit
from premises.choices import Division
from products.choices import PriceComponent
from products.models import Product
from tenants.queries import current_profile
from tenants.scenario import roles_of
from utilcrm import clock
from utilcrm.db.copying import copy_objects
from utilcrm.db.numbering import reserve_numbers


@dataclass(frozen=True)
class ImportedContract:
    """
    A contract at one point of delivery.

    `erp_numbers` are by role, `prices` by component and rate type, net; `readings` in the order of
    the meter's registers.
    """

    uuid: UUID
    account_id: int
    agreement_id: int
    pod_id: int
    product: Product
    starts_on: dt.date
    ends_on: dt.date | None = None
    term_months: int | None = None
    expected_annual_kwh: int | None = None
    erp_numbers: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    meter_serial: str = ""
    rate: str = Rate.SINGLE
    digits: int = 6
    readings: tuple[Decimal | None, ...] = ()

    @property
    def rate_types(self) -> tuple[str, ...]:
        """What the meter's registers count."""
        if self.rate == Rate.DOUBLE:
            return (RateType.DAY, RateType.NIGHT)
        return (RateType.ALL_DAY,)


@transaction.atomic
def import_contracts(rows: Iterable[ImportedContract]) -> tuple[list[Contract], list[ContractItem]]:
    """
    Create the contracts that are not here yet, with the items that the tenant's model asks for.

    :return: what is new
    :raises django.db.IntegrityError: if another contract has one of the points of delivery then
    """
    wanted = {row.uuid: row for row in rows}
    there = set(Contract.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
    new = [row for row in wanted.values() if row.uuid not in there]
    profile = current_profile()
    today = clock.today()
    numbers = reserve_numbers("contracts_contract_number", len(new), width=10)
    contracts = copy_objects(
        Contract(
            uuid=row.uuid,
            number=number,
            account_id=row.account_id,
            business_agreement_id=row.agreement_id,
            source=ContractSource.IMPORT,
            status=ContractStatus.ENDED if _is_over(row, today) else ContractStatus.ACTIVE,
            currency=profile.currency,
        )
        for row, number in zip(new, numbers, strict=True)
    )
    items: list[ContractItem] = []
    supplies: dict[UUID, ContractItem] = {}
    for position, role in enumerate(roles_of(profile), start=1):
        made = copy_objects(
            _item(
                contract,
                row,
                role=role,
                position=position,
                supply=supplies.get(row.uuid),
                today=today,
            )
            for contract, row in zip(contracts, new, strict=True)
        )
        if role == ItemRole.SUPPLY:
            supplies = {row.uuid: item for row, item in zip(new, made, strict=True)}
            _add_terms(made, new)
        items += made
    return contracts, items


def _is_over(row: ImportedContract, today: dt.date) -> bool:
    return row.ends_on is not None and row.ends_on <= today


def _item(
    contract: Contract,
    row: ImportedContract,
    *,
    role: str,
    position: int,
    supply: ContractItem | None,
    today: dt.date,
) -> ContractItem:
    number = row.erp_numbers.get(role, "")
    status = ItemStatus.ENDED if _is_over(row, today) else ItemStatus.COMPLETED
    is_supply = role == ItemRole.SUPPLY
    return ContractItem(
        contract=contract,
        position=position,
        role=role,
        supply_item=supply,
        pod_id=row.pod_id,
        product=row.product if is_supply else None,
        product_name=row.product.name if is_supply else "",
        division=row.product.division,
        term_months=row.term_months,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        move_in=False,
        expected_annual_kwh=row.expected_annual_kwh,
        meter_serial=row.meter_serial,
        rate=row.rate,
        erp_number=number,
        status=status if number else ItemStatus.IMPORTED,
        status_at=timezone.now(),
    )


def _add_terms(items: list[ContractItem], rows: list[ImportedContract]) -> None:
    copy_objects(
        ContractItemPrice(
            item=item,
            component=component,
            rate_type=rate_type,
            amount=amount,
            agreed_amount=amount,
        )
        for item, row in zip(items, rows, strict=True)
        for (component, rate_type), amount in row.prices.items()
    )
    copy_objects(
        register
        for item, row in zip(items, rows, strict=True)
        if row.meter_serial
        for register in _registers(item, row)
    )


def _registers(item: ContractItem, row: ImportedContract) -> Iterator[ContractItemRegister]:
    readings = (*row.readings, None, None)
    unit = Unit.M3 if row.product.division == Division.GAS else Unit.KWH
    decimals = 3 if any(one is not None and one % 1 for one in row.readings) else 0
    for position, rate_type in enumerate(row.rate_types, start=1):
        yield ContractItemRegister(
            item=item,
            code=f"{position:03d}",
            rate_type=rate_type,
            unit=unit,
            digits=row.digits,
            decimals=decimals,
            move_in_reading=readings[position - 1],
        )


def price_keys(*, is_double: bool) -> dict[str, tuple[str, str]]:
    """Return under which component and rate type an imported price is kept."""
    energy, standing = str(PriceComponent.ENERGY), str(PriceComponent.STANDING_CHARGE)
    return {
        "energy_price": (energy, str(RateType.DAY if is_double else RateType.ALL_DAY)),
        "night_price": (energy, str(RateType.NIGHT)),
        "standing_charge": (standing, str(RateType.ALL_DAY)),
    }
