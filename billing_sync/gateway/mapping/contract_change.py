"""What a process changes in a contract, as the ERP reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import BusinessAgreement
from billing_sync.gateway.mapping.values import day, reference, without_blanks
from contracts.choices import ProcessEffect
from contracts.models import ProcessItem
from contracts.services.processes.final_readings import read_on, typed_readings
from contracts.services.processes.registry import kind_of
from products.models import Product


def contract_change(row: ProcessItem) -> dict[str, Any]:
    """Return the change of one contract item; terms that stay are left out."""
    process, item, after = row.process, row.item, row.after
    return without_blanks(
        UtilitiesContractID=item.erp_number,
        ExternalReference=str(item.uuid),
        ChangeReasonCode=kind_of(process).reason_code,
        EffectiveDate=day(process.effective_on),
        EndDate=after.get("ends_on", day(item.ends_on)),
        MoveOut=_move_out(row),
        ContractAccount=_agreement(after.get("agreement")),
        **_product(after.get("product")),
        TermMonths=after.get("term_months"),
        Price=[
            {
                "ComponentCode": price["component"],
                "RateTypeCode": price["rate_type"],
                "Amount": price["agreed_amount"],
            }
            for price in after.get("prices", ())
        ],
    )


def _move_out(row: ProcessItem) -> dict[str, Any] | None:
    """Return the final reading and where the final bill goes, if the customer moves."""
    facts = row.process.facts
    address = facts.get("forwarding_address") or {}
    readings = _readings(row)
    if not address and not readings:
        return None
    return without_blanks(
        ForwardingAddress=without_blanks(
            StreetName=address.get("street"),
            HouseID=address.get("house_number"),
            Flat=address.get("flat"),
            PostalCode=address.get("postcode"),
            CityName=address.get("town"),
            CountryCode=address.get("country"),
        ),
        PaymentMethodCode=facts.get("payment_method"),
        EstimateIndicator=not readings,
        RegisterReading=[
            {"RegisterID": code, "Value": value} for code, value in sorted(readings.items())
        ],
        ReadingDate=day(read_on(row.process)) if readings else None,
    )


def _readings(row: ProcessItem) -> Mapping[str, str]:
    """Return what the item's registers showed; grid usage has the supply's meter."""
    supply = row.item.supply_item
    own = typed_readings(row.process, row.item)
    if own or supply is None or row.effect != ProcessEffect.ENDS:
        return own
    return typed_readings(row.process, supply)


def _agreement(own: str | None) -> Any:
    if not own:
        return None
    agreement = BusinessAgreement.objects.get(uuid=own)
    return reference(agreement.uuid, agreement.erp_number)


def _product(code: str | None) -> dict[str, str]:
    if not code:
        return {}
    product = Product.objects.get(code=code)
    return {"ProductCode": product.code, "MasterDataTemplateCode": product.master_data_template}
