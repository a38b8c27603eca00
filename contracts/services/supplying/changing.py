"""Another agreement for one contract, from a day on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contracts.choices import NOT_SUPPLIED, ItemRole, SupplySource
from contracts.models import ContractItem, ItemSupplier
from contracts.services.processes.dates import term_end
from contracts.services.supplying.reconciling import reconcile
from events.services.recording import record
from products.models import SupplyAgreement
from products.queries.supply import price_on
from products.services.supply.days import too_far_back
from utilcrm import clock
from utilcrm.db.locks import lock_until_commit


class SupplyRefused(Exception):
    """The agreement cannot feed the contract; `field` is the one to mend."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def change_agreement_of(
    *,
    item_id: int,
    agreement_id: int,
    valid_from: dt.date,
    with_fixed: bool = False,
    version: int | None = None,
    actor: Any = None,
) -> ContractItem:
    """
    Feed one contract item from an agreement from a day on, whatever feeds its product.

    An item whose price is fixed moves when its term ends; `with_fixed` it moves at once, at the new
    agreement's price.

    :raises SupplyRefused: if the agreement is for another division, or does not hold on that day;
        if the day is none of the item's, too long ago, or in a fixed term
    :raises utilcrm.db.models.StaleVersion: if somebody was quicker
    """
    lock_until_commit("supply")
    item = ContractItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    item.require_version(version)
    agreement = SupplyAgreement.objects.get(pk=agreement_id)
    _check(item, agreement, valid_from)
    end = _term_end_behind(item, valid_from)
    if end is not None and not with_fixed:
        raise SupplyRefused(
            _(
                "Its purchase price is fixed until %(day)s. Choose a later day, or move it all the"
                " same."
            )
            % {"day": date_format(end - dt.timedelta(days=1), "SHORT_DATE_FORMAT")},
            field="valid_from",
        )
    price = price_on(agreement, valid_from) if end is not None else None
    if end is not None and price is None:
        raise SupplyRefused(_("The agreement has no price on that day."), field="agreement")
    ItemSupplier.objects.filter(item=item, valid_from__gte=valid_from).delete()
    ItemSupplier.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), item=item
    ).update(valid_to=valid_from, updated_at=clock.now())
    until = agreement.valid_to
    follows_from = valid_from
    if price is not None and end is not None:
        _add(item, agreement, valid_from, min(end, until or end), price_id=price.pk)
        follows_from = end
    if until is None or follows_from < until:
        _add(item, agreement, follows_from, until)
    item.save_changes()
    reconcile(first_id=item.pk, last_id=item.pk)
    record(
        "contracts.item.supplier_changed",
        subject=item,
        account_uuid=item.contract.account.uuid,
        payload={
            "contract_uuid": str(item.contract.uuid),
            "contract_number": item.contract.number,
            "text": str(agreement),
            "valid_from": valid_from.isoformat(),
        },
        actor=actor,
    )
    return item


def _check(item: ContractItem, agreement: SupplyAgreement, day: dt.date) -> None:
    if item.role != ItemRole.SUPPLY or item.status in NOT_SUPPLIED:
        raise SupplyRefused(_("No energy is bought for this item."))
    if agreement.division != item.division:
        raise SupplyRefused(_("This agreement is for another division."), field="agreement")
    if not agreement.is_valid_on(day):
        raise SupplyRefused(_("The agreement does not hold on that day."), field="valid_from")
    if day < item.starts_on or (item.ends_on is not None and day >= item.ends_on):
        raise SupplyRefused(_("The contract is not in force on that day."), field="valid_from")
    if why := too_far_back(day):
        raise SupplyRefused(why, field="valid_from")


def _term_end_behind(item: ContractItem, day: dt.date) -> dt.date | None:
    """Return when the price stops being fixed, if it is fixed on a day."""
    fixed = ItemSupplier.objects.filter(item=item, price__isnull=False).on(day).exists()
    end = term_end(item) if fixed else None
    if end is not None and item.fixed_from and day < item.fixed_from:
        end = item.fixed_from
    return end if end is not None and day < end else None


def _add(
    item: ContractItem,
    agreement: SupplyAgreement,
    valid_from: dt.date,
    valid_to: dt.date | None,
    *,
    price_id: int | None = None,
) -> None:
    ItemSupplier.objects.create(
        item=item,
        agreement=agreement,
        price_id=price_id,
        valid_from=valid_from,
        valid_to=valid_to,
        source=SupplySource.CHOSEN,
    )
