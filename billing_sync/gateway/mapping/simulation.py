"""An order that is not a contract yet, as the contract that it would become."""

from __future__ import annotations

from typing import Any

from billing_sync.gateway.mapping.values import day, decimal, reference, without_blanks
from contracts.choices import ItemRole
from contracts.services.preflight import PreflightItem, PreflightSubject
from tenants.queries import current_profile
from utilcrm.db.models import new_uuid


def simulated_contract(
    subject: PreflightSubject, item: PreflightItem, *, supply: dict[str, Any] | None = None
) -> dict[str, Any]:
    """
    Return one item; its own reference is made up, because nothing is kept of a simulation.

    `supply` is the simulated contract that grid usage goes with.
    """
    account, agreement, product = subject.account, subject.business_agreement, item.product
    beside = {"ExternalReference": supply["ExternalReference"]} if supply else None
    return without_blanks(
        ExternalReference=str(new_uuid()),
        RoleCode=item.role,
        BusinessPartner=reference(account.uuid, account.erp_number),
        ContractAccount=reference(agreement.uuid, agreement.erp_number) if agreement else None,
        PointOfDelivery=reference(item.pod.uuid, item.pod.erp_number),
        SupplyContract=beside,
        StandAloneIndicator=True if item.role == ItemRole.GRID_USAGE and not supply else None,
        ServiceProviderCode=item.provider.code if item.provider else "",
        DivisionCode=item.division,
        ProductCode=product.code if product else "",
        MasterDataTemplateCode=product.master_data_template if product else "",
        StartDate=day(item.starts_on),
        TermMonths=item.term_months,
        MoveInIndicator=item.move_in,
        ExpectedAnnualConsumption=decimal(item.expected_annual_kwh),
        CurrencyCode=current_profile().currency,
        Price=[
            {
                "ComponentCode": price.component,
                "RateTypeCode": price.rate_type,
                "Amount": decimal(price.amount),
            }
            for price in item.prices
        ],
        Device=_device(item),
    )


def _device(item: PreflightItem) -> dict[str, Any] | None:
    if not item.meter_serial:
        return None
    return without_blanks(
        SerialNumber=item.meter_serial,
        RateCode=item.rate,
        Register=[
            without_blanks(
                RegisterID=register.code,
                RateTypeCode=register.rate_type,
                UnitCode=register.unit,
                Digits=register.digits,
                Decimals=register.decimals,
                Factor=decimal(register.factor),
                Reading=None
                if register.move_in_reading is None
                else {
                    "Date": day(item.starts_on),
                    "Value": decimal(register.move_in_reading),
                    "ReasonCode": "MOVE_IN",
                },
            )
            for register in item.registers
        ],
    )
