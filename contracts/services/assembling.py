"""
Making contracts of an accepted quotation.

The only place that asks for the tenant's contract model: with SINGLE a contract has one item, the
supply with the grid fee in it; with DUAL it has two, supply and grid usage, at the same point of
delivery, and each becomes a contract of its own in the ERP.
"""

from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.indexing import index_account
from contracts.choices import BlockReason, ContractStatus, ItemRole, ItemStatus
from contracts.models import Contract, ContractItem, ContractItemPrice, ContractItemRegister
from events.services import recording
from quotations.models import Quotation, QuotationItem
from tenants.choices import ContractModel
from tenants.queries import current_profile
from utilcrm.db.numbering import next_number


class NothingToAssemble(Exception):
    """The quotation has no complete item."""


class PointOfDeliveryTaken(Exception):
    """Another contract has the point of delivery at that time."""


ROLES: dict[str, tuple[ItemRole, ...]] = {
    ContractModel.SINGLE: (ItemRole.SUPPLY,),
    ContractModel.DUAL: (ItemRole.SUPPLY, ItemRole.GRID_USAGE),
}


@transaction.atomic
def assemble_from_quotation(*, quotation: Quotation, actor: models.Model) -> list[Contract]:
    """
    Make the contracts of a quotation that has just been accepted: one an item, prices identical.

    Asking twice gives the contracts that are there. All items wait for the customer's signature.

    :raises NothingToAssemble: if the quotation has no complete item
    :raises PointOfDeliveryTaken: if another contract has one of the points of delivery then
    """
    Quotation.objects.select_for_update().get(pk=quotation.pk)
    existing = list(Contract.objects.filter(quotation=quotation).order_by("number"))
    if existing:
        return existing
    items = list(
        quotation.items.select_related("pod", "product")
        .prefetch_related("prices", "registers")
        .order_by("position")
    )
    if not items or not all(item.is_complete for item in items):
        raise NothingToAssemble(_("The quotation is not complete."))
    profile = current_profile()
    contracts = [
        _assemble(quotation, item, roles=ROLES[profile.contract_model], currency=profile.currency)
        for item in items
    ]
    index_account(
        quotation.account,
        contract_numbers=Contract.objects.filter(account=quotation.account).values_list(
            "number", flat=True
        ),
    )
    for contract in contracts:
        recording.record(
            "contracts.contract.created",
            subject=contract,
            actor=actor,
            account_uuid=quotation.account.uuid,
            payload={
                "contract_uuid": str(contract.uuid),
                "contract_number": contract.number,
                "quotation_uuid": str(quotation.uuid),
                "quotation_number": quotation.number,
            },
        )
    return contracts


def _assemble(
    quotation: Quotation, offered: QuotationItem, *, roles: tuple[ItemRole, ...], currency: str
) -> Contract:
    contract = Contract.objects.create(
        number=next_number("contracts_contract_number"),
        account=quotation.account,
        business_agreement=quotation.business_agreement,
        quotation=quotation,
        currency=currency,
        status=ContractStatus.DRAFT,
    )
    for position, role in enumerate(roles, start=1):
        try:
            with transaction.atomic():
                item = _make_item(contract, offered, role=role, position=position)
        except IntegrityError as exc:
            if "contracts_item_no_overlap" not in str(exc):
                raise
            raise PointOfDeliveryTaken(
                _("Another contract has the point of delivery %(pod)s at that time.")
                % {"pod": offered.pod.external_id}
            ) from exc
        if role == ItemRole.SUPPLY:
            _copy_prices_and_meter(offered, item)
        item.mark_blocked(reason=BlockReason.SIGNATURE, at=timezone.now())
    contract.refresh_status([ItemStatus.BLOCKED])
    return contract


def _make_item(
    contract: Contract, offered: QuotationItem, *, role: ItemRole, position: int
) -> ContractItem:
    if offered.start_date is None:
        raise NothingToAssemble(_("The start of supply is not set."))
    return ContractItem.objects.create(
        contract=contract,
        position=position,
        role=role,
        pod=offered.pod,
        product=offered.product,
        product_name=offered.product.name if offered.product else "",
        division=offered.division,
        term_months=offered.term_months,
        starts_on=offered.start_date,
        move_in=offered.move_in,
        expected_annual_kwh=offered.expected_annual_kwh,
        discount_percent=offered.discount_percent,
        meter_serial=offered.meter_serial,
        rate=offered.rate,
    )


def _copy_prices_and_meter(offered: QuotationItem, item: ContractItem) -> None:
    ContractItemPrice.objects.bulk_create(
        ContractItemPrice(
            item=item,
            component=price.component,
            rate_type=price.rate_type,
            amount=price.amount,
            agreed_amount=price.discounted_amount,
        )
        for price in offered.prices.all()
    )
    ContractItemRegister.objects.bulk_create(
        ContractItemRegister(
            item=item,
            code=register.code,
            rate_type=register.rate_type,
            unit=register.unit,
            digits=register.digits,
            decimals=register.decimals,
            factor=register.factor,
            move_in_reading=register.move_in_reading,
        )
        for register in offered.registers.all()
    )
