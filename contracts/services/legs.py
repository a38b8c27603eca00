"""
How the items at one point of delivery hang together: the supply, and the use of its grid.

A contract item of the grid names the supply that it goes with. That link is for people and for the
ERP's first look; neither ends the other: a customer may leave with the supply and keep the grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q

from contracts.choices import ItemRole, ItemStatus
from contracts.models import ContractItem, ContractItemPrice
from premises.queries import distributor_at
from products.queries.grid import grid_lines, grid_tariff_of
from products.queries.pricing import NoPrice
from utilcrm.db.staging import run

_GONE = (ItemStatus.CANCELLED, ItemStatus.ENDED)

_LINK_LOADED = """
    UPDATE contracts_contractitem t
    SET grid_tariff_id = g.id, service_provider_id = g.distributor_id,
        product_name = coalesce(left(g.name, 80), t.product_name),
        supply_item_id = (
            SELECT s.id FROM contracts_contractitem s
            WHERE s.pod_id = t.pod_id AND s.role = 'SUPPLY' AND s.starts_on = t.starts_on
                AND s.status <> 'CANCELLED'
            ORDER BY s.id DESC LIMIT 1)
    FROM unnest(%s::text[], %s::text[]) AS n (erp_number, product_code)
    LEFT JOIN products_gridtariff g ON g.code = n.product_code
    WHERE t.erp_number = n.erp_number AND t.erp_number <> ''
        AND t.role = 'GRID_USAGE' AND t.supply_item_id IS NULL
"""

# The supply may come after its grid usage: behind the end of a page, or days later.
_LINK_TO_LOADED = """
    UPDATE contracts_contractitem t
    SET supply_item_id = s.id
    FROM contracts_contractitem s
    WHERE s.erp_number = ANY(%s) AND s.erp_number <> ''
        AND s.role = 'SUPPLY' AND s.status <> 'CANCELLED'
        AND t.pod_id = s.pod_id AND t.starts_on = s.starts_on AND t.role = 'GRID_USAGE'
        AND t.status <> 'CANCELLED' AND t.supply_item_id IS NULL
"""


def link_items(item: ContractItem, *, moved: bool = False) -> None:
    """
    Let a new item and what is at its point of delivery already go together.

    New grid usage names the supply there; a new supply takes the grid usage there over. With
    `moved`, the grid is another one than before: its distributor, tariff and prices are found anew.
    """
    there = ContractItem.objects.filter(
        contract__account=item.contract.account_id, pod=item.pod_id
    ).exclude(Q(pk=item.pk) | Q(status__in=_GONE))
    if item.role == ItemRole.SUPPLY:
        # the use of the grid that ends when this supply begins has gone with the one before
        grids = there.filter(role=ItemRole.GRID_USAGE).exclude(ends_on__lte=item.starts_on)
        grids.update(supply_item=item)
        return
    item.supply_item = there.filter(role=ItemRole.SUPPLY).order_by("-starts_on", "-pk").first()
    item.save(update_fields=["supply_item"])
    if moved:
        _take_grid_of_the_place(item)


def unlink_item(item: ContractItem) -> None:
    """Let the grid usage that was to go with a supply go with the one before it again."""
    grids = ContractItem.objects.filter(role=ItemRole.GRID_USAGE, supply_item=item)
    going_on = grids.exclude(status__in=_GONE)
    if not going_on.exists():
        return
    before = (
        ContractItem.objects.filter(
            contract__account=item.contract.account_id, pod=item.pod_id, role=ItemRole.SUPPLY
        )
        .exclude(Q(pk=item.pk) | Q(status=ItemStatus.CANCELLED))
        .order_by("-starts_on", "-pk")
        .first()
    )
    going_on.update(supply_item=before)


def link_loaded(tariffs: Mapping[str, str], *, supplies: Sequence[str]) -> None:
    """
    Link what was loaded: grid usage with its tariff and its supply, in whatever order they come.

    :param tariffs: the tariffs' codes by the ERP number of the grid usage
    :param supplies: the ERP numbers of the supplies
    """
    if tariffs:
        run(_LINK_LOADED, [list(tariffs), list(tariffs.values())])
    if supplies:
        run(_LINK_TO_LOADED, [list(supplies)])


def _take_grid_of_the_place(item: ContractItem) -> None:
    provider = distributor_at(pod_id=item.pod_id, day=item.starts_on)
    tariff = (
        grid_tariff_of(
            distributor_id=provider.pk,
            division=item.division,
            segment=item.contract.account.segment,
        )
        if provider
        else None
    )
    item.service_provider, item.grid_tariff = provider, tariff
    item.product_name = tariff.name if tariff else ""
    item.save(update_fields=["service_provider", "grid_tariff", "product_name"])
    item.prices.all().delete()
    if tariff is None:
        return
    try:
        lines = grid_lines(tariff_id=tariff.pk, day=item.starts_on, rate=item.rate)
    except NoPrice:
        return
    ContractItemPrice.objects.bulk_create(
        ContractItemPrice(
            item=item,
            component=line.component,
            rate_type=line.rate_type,
            amount=line.amount,
            agreed_amount=line.agreed,
        )
        for line in lines
    )
