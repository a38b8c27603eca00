"""
Making contracts of an accepted quotation.

A contract has the items that the tenant has at a point of delivery: the supply with the grid fee in
it or, in the dual model, supply and grid usage, each of which becomes a contract of its own in the
ERP. Which of the two it is, `tenants.scenario.roles_of` says, here as for the quotation.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.indexing import index_account
from contracts.choices import BlockReason, ContractStatus, ItemRole, ItemStatus
from contracts.models import Contract, ContractItem, ContractItemPrice, ContractItemRegister
from events.services import recording
from quotations.models import Quotation, QuotationItem
from tenants.queries import current_profile
from tenants.scenario import roles_of
from utilcrm.db.numbering import next_number


class NothingToAssemble(Exception):
    """The quotation has no complete item."""


class PointOfDeliveryTaken(Exception):
    """Another contract has the point of delivery at that time."""


@transaction.atomic
def assemble_from_quotation(*, quotation: Quotation, actor: models.Model) -> list[Contract]:
    """
    Make the contracts of a quotation that has just been accepted: one a supply, prices identical.

    Asking twice gives the contracts that are there. All items wait for the customer's signature.

    :raises NothingToAssemble: if the quotation has no complete item, or a supply lacks its grid
    :raises PointOfDeliveryTaken: if another contract has one of the points of delivery then
    """
    Quotation.objects.select_for_update().get(pk=quotation.pk)
    existing = list(Contract.objects.filter(quotation=quotation).order_by("number"))
    if existing:
        return existing
    items = list(
        quotation.items.select_related("pod", "product", "grid_tariff", "service_provider")
        .prefetch_related("prices", "registers")
        .order_by("position")
    )
    if not items or not all(item.is_complete for item in items):
        raise NothingToAssemble(_("The quotation is not complete."))
    profile = current_profile()
    contracts = [
        _assemble(quotation, legs, currency=profile.currency)
        for legs in _legs(items, roles=roles_of(profile))
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


def _legs(
    items: Sequence[QuotationItem], *, roles: tuple[ItemRole, ...]
) -> list[list[QuotationItem]]:
    """Return what belongs into one contract: each supply with what is offered beside it."""
    legs = []
    for supply in items:
        if supply.role != ItemRole.SUPPLY:
            continue
        together = [supply, *(one for one in items if one.supply_item_id == supply.pk)]
        if tuple(one.role for one in together) != roles:
            raise NothingToAssemble(_("The quotation is not complete."))
        legs.append(together)
    return legs


def _assemble(quotation: Quotation, legs: Sequence[QuotationItem], *, currency: str) -> Contract:
    contract = Contract.objects.create(
        number=next_number("contracts_contract_number"),
        account=quotation.account,
        business_agreement=quotation.business_agreement,
        quotation=quotation,
        currency=currency,
        status=ContractStatus.DRAFT,
    )
    supply: ContractItem | None = None
    for position, offered in enumerate(legs, start=1):
        try:
            with transaction.atomic():
                item = _make_item(contract, offered, position=position, supply=supply)
        except IntegrityError as exc:
            if "contracts_item_no_overlap" not in str(exc):
                raise
            raise PointOfDeliveryTaken(
                _("Another contract has the point of delivery %(pod)s at that time.")
                % {"pod": offered.pod.external_id}
            ) from exc
        _copy_prices_and_meter(offered, item)
        item.mark_blocked(reason=BlockReason.SIGNATURE, at=timezone.now())
        supply = supply or item
    contract.refresh_status([ItemStatus.BLOCKED])
    return contract


def _make_item(
    contract: Contract, offered: QuotationItem, *, position: int, supply: ContractItem | None
) -> ContractItem:
    if offered.start_date is None:
        raise NothingToAssemble(_("The start of supply is not set."))
    return ContractItem.objects.create(
        contract=contract,
        position=position,
        role=offered.role,
        supply_item=supply,
        service_provider=offered.service_provider,
        pod=offered.pod,
        product=offered.product,
        grid_tariff=offered.grid_tariff,
        product_name=offered.offer.name if offered.offer else "",
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
