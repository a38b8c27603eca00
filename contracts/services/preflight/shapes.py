"""What the pre-flight check reads, and what it finds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse

from accounts.models import Account, BusinessAgreement
from contracts.choices import ItemRole, ItemStatus, Severity
from contracts.models import Contract, ContractItem
from premises.models import PointOfDelivery, ServiceProvider
from products.models import GridTariff, Product
from quotations.models import Quotation, QuotationItem


@dataclass(frozen=True)
class Finding:
    """One thing found, in plain words, and the link that mends it."""

    code: str
    severity: Severity
    text: str
    field: str = ""
    link_url: str = ""
    link_label: str = ""
    source: str = "CRM"

    @property
    def is_blocking(self) -> bool:
        """Whether going on makes no sense before it is mended."""
        return self.severity == Severity.BLOCK


@dataclass(frozen=True)
class PreflightPrice:
    """A net price: per day or per kWh."""

    component: str
    rate_type: str
    amount: Decimal


@dataclass(frozen=True)
class PreflightRegister:
    """A register of the meter, with the reading at the start."""

    code: str
    rate_type: str
    unit: str
    digits: int
    decimals: int
    factor: Decimal
    move_in_reading: Decimal | None


@dataclass(frozen=True)
class PreflightItem:
    """What would be a contract of the ERP."""

    role: str
    pod: PointOfDelivery
    provider: ServiceProvider | None
    division: str
    product: Product | GridTariff | None
    term_months: int | None
    starts_on: dt.date | None
    move_in: bool
    expected_annual_kwh: int | None
    meter_serial: str
    rate: str
    prices: tuple[PreflightPrice, ...] = ()
    registers: tuple[PreflightRegister, ...] = ()


@dataclass(frozen=True)
class PreflightSubject:
    """A quotation or a contract, in the one shape that checks read."""

    account: Account
    business_agreement: BusinessAgreement | None
    items: tuple[PreflightItem, ...]
    quotation: Quotation | None = None
    contract: Contract | None = None

    @property
    def supplies(self) -> tuple[PreflightItem, ...]:
        """Return the supplies: what somebody chooses and types something for."""
        return tuple(item for item in self.items if item.role == ItemRole.SUPPLY)

    @property
    def edit_url(self) -> str:
        """Return where its data can be mended."""
        if self.contract is not None:
            return link("contracts:amend", self.contract.uuid)
        return link("quotations:detail", self.quotation.uuid) if self.quotation else ""


def subject_of(record: Quotation | Contract) -> PreflightSubject:
    """Bring a quotation or contract into the shape that checks read."""
    if isinstance(record, Contract):
        rows = record.items.exclude(status=ItemStatus.CANCELLED)
        return PreflightSubject(
            account=record.account,
            business_agreement=record.business_agreement,
            items=tuple(_from_contract(item) for item in _fetched(rows)),
            quotation=record.quotation,
            contract=record,
        )
    return PreflightSubject(
        account=record.account,
        business_agreement=record.business_agreement,
        items=tuple(_from_quotation(item) for item in _fetched(record.items.all())),
        quotation=record,
    )


def link(name: str, *args: Any) -> str:
    """Return an address by its name; empty when no screen of that name is there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _fetched(rows: Any) -> Any:
    return (
        rows.select_related(
            "pod__premise__connection_object", "product", "grid_tariff", "service_provider"
        )
        .prefetch_related("prices", "registers")
        .order_by("position")
    )


def _from_contract(item: ContractItem) -> PreflightItem:
    prices = tuple(
        PreflightPrice(one.component, one.rate_type, one.agreed_amount) for one in item.prices.all()
    )
    return _shape(item, role=item.role, starts_on=item.starts_on, prices=prices)


def _from_quotation(item: QuotationItem) -> PreflightItem:
    prices = tuple(
        PreflightPrice(one.component, one.rate_type, one.discounted_amount)
        for one in item.prices.all()
    )
    return _shape(item, role=item.role, starts_on=item.start_date, prices=prices)


def _shape(
    item: ContractItem | QuotationItem,
    *,
    role: str,
    starts_on: dt.date | None,
    prices: tuple[PreflightPrice, ...],
) -> PreflightItem:
    return PreflightItem(
        role=role,
        pod=item.pod,
        provider=item.service_provider,
        division=item.division,
        product=item.offer,
        term_months=item.term_months,
        starts_on=starts_on,
        move_in=item.move_in,
        expected_annual_kwh=item.expected_annual_kwh,
        meter_serial=item.meter_serial,
        rate=item.rate,
        prices=prices,
        registers=tuple(
            PreflightRegister(
                code=one.code,
                rate_type=one.rate_type,
                unit=one.unit,
                digits=one.digits,
                decimals=one.decimals,
                factor=one.factor,
                move_in_reading=one.move_in_reading,
            )
            for one in item.registers.all()
        ),
    )
