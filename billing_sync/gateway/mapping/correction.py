"""A contract item as it is here, for an ERP that has it otherwise."""

from __future__ import annotations

from typing import Any

from billing_sync.gateway.mapping.values import without_blanks
from contracts.models import ContractItem
from utilcrm import clock


def contract_correction(item: ContractItem) -> dict[str, Any]:
    """Return our end of a contract, and its product if it is one of ours, as a change."""
    product = item.product
    return without_blanks(
        UtilitiesContractID=item.erp_number,
        ExternalReference=str(item.uuid),
        ChangeReasonCode="TERMS",
        EffectiveDate=clock.today().isoformat(),
        EndDate=item.ends_on.isoformat() if item.ends_on else None,
        ProductCode=product.code if product else None,
        MasterDataTemplateCode=product.master_data_template if product else None,
    )
