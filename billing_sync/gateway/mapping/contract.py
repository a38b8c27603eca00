"""Contract items as the ERP's contracts, with everything its master data generation needs."""

from __future__ import annotations

from typing import Any

from billing_sync.gateway.mapping.values import day, decimal, moment, reference, without_blanks
from contracts.models import ContractItem, ContractItemRegister


def utilities_contract(item: ContractItem) -> dict[str, Any]:
    """Return one contract item; one item becomes one contract of the ERP."""
    contract = item.contract
    account, agreement = contract.account, contract.business_agreement
    product, supply = item.offer, item.supply_item
    return without_blanks(
        ExternalReference=str(item.uuid),
        ContractExternalReference=str(contract.uuid),
        ContractNumber=contract.number,
        RoleCode=item.role,
        BusinessPartner=reference(account.uuid, account.erp_number),
        # an empty reference is refused by the schema, with the name of the element
        ContractAccount=reference(agreement.uuid, agreement.erp_number) if agreement else None,
        PointOfDelivery=reference(item.pod.uuid, item.pod.erp_number),
        SupplyContract=reference(supply.uuid, supply.erp_number) if supply else None,
        StandAloneIndicator=True if item.stands_alone else None,
        ServiceProviderCode=item.service_provider.code if item.service_provider else "",
        DivisionCode=item.division,
        ProductCode=product.code if product else "",
        MasterDataTemplateCode=product.master_data_template if product else "",
        StartDate=day(item.starts_on),
        EndDate=day(item.ends_on),
        TermMonths=item.term_months,
        MoveInIndicator=item.move_in,
        SignedDateTime=moment(contract.signed_at),
        ExpectedAnnualConsumption=decimal(item.expected_annual_kwh),
        CurrencyCode=contract.currency,
        Price=[
            {
                "ComponentCode": price.component,
                "RateTypeCode": price.rate_type,
                "Amount": decimal(price.agreed_amount),
            }
            for price in item.prices.order_by("pk")
        ],
        Device=_device(item),
    )


def _device(item: ContractItem) -> dict[str, Any] | None:
    if not item.meter_serial:
        return None
    registers = list(item.registers.order_by("code"))
    if not registers and not item.move_in:
        # the same customer goes on with the meter that the ERP knows there
        return None
    return without_blanks(
        SerialNumber=item.meter_serial,
        RateCode=item.rate,
        Register=[_register(register, item) for register in registers],
    )


def _register(register: ContractItemRegister, item: ContractItem) -> dict[str, Any]:
    reading = register.move_in_reading
    return without_blanks(
        RegisterID=register.code,
        RateTypeCode=register.rate_type,
        UnitCode=register.unit,
        Digits=register.digits,
        Decimals=register.decimals,
        Factor=decimal(register.factor),
        Reading=None
        if reading is None
        else {
            "Date": day(item.starts_on),
            "Value": decimal(reading),
            "ReasonCode": "MOVE_IN",
        },
    )
