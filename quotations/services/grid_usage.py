"""
The use of the grid, offered beside a supply where the tenant has it as an item of its own.

It is no choice of anybody's: who runs the grid follows from the place, and what it costs from the
distributor's tariff. So it follows its supply in all that they share, and is never discounted.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from premises.models import ServiceProvider
from premises.queries import distributor_at
from products.models import GridTariff
from products.queries.costing import PriceLine
from products.queries.grid import grid_lines, grid_tariff_of
from products.queries.pricing import NoPrice
from quotations.models import QuotationItem, QuotationItemPrice
from tenants.choices import ItemRole
from tenants.queries import current_profile
from tenants.scenario import roles_of
from utilcrm import clock

FOLLOWED = ("start_date", "move_in", "expected_annual_kwh", "consumption_source", "rate")


class GridWithoutSupply(Exception):
    """The use of a grid is offered only beside a supply at the same point of delivery."""


class GridGoesWithSupply(Exception):
    """The use of the grid cannot be taken out of an offer while its supply is in it."""


def add_roles_beside(supply: QuotationItem) -> None:
    """Offer what else the tenant has at a supplied point of delivery; the caller holds the lock."""
    if ItemRole.GRID_USAGE in roles_of(current_profile()):
        add_grid_usage(supply)


def add_grid_usage(supply: QuotationItem) -> QuotationItem:
    """
    Offer the use of the grid beside a supply.

    :raises GridWithoutSupply: if what it would hang on is no supply
    """
    if supply.role != ItemRole.SUPPLY:
        raise GridWithoutSupply(_("Grid usage is offered beside a supply only."))
    quotation = supply.quotation
    last = quotation.items.aggregate(last=Max("position"))["last"] or 0
    grid = QuotationItem.objects.create(
        quotation=quotation,
        position=last + 1,
        role=ItemRole.GRID_USAGE,
        supply_item=supply,
        pod=supply.pod,
        division=supply.division,
    )
    follow_supply(supply)
    return grid


def follow_supply(supply: QuotationItem) -> None:
    """Let the grid usage beside a supply take over its facts, and price it anew."""
    for grid in supply.grid_items.select_related("quotation__account"):
        for name in FOLLOWED:
            setattr(grid, name, getattr(supply, name))
        price_grid_usage(grid)


def price_grid_usage(grid: QuotationItem) -> None:
    """
    Find who runs the grid on the day of the start, and copy their prices; save the item.

    Where nobody is known, or nothing of theirs, the item stays without a tariff: incomplete.
    """
    grid.service_provider, grid.grid_tariff = _grid_at_the_place(grid)
    lines: Sequence[PriceLine] = ()
    try:
        lines = lines_of_grid_usage(grid)
    except NoPrice:
        grid.grid_tariff = None
    grid.prices.all().delete()
    QuotationItemPrice.objects.bulk_create(
        QuotationItemPrice(
            item=grid,
            component=line.component,
            rate_type=line.rate_type,
            amount=line.amount,
            discounted_amount=line.agreed,
        )
        for line in lines
    )
    grid.save()


def lines_of_grid_usage(grid: QuotationItem) -> tuple[PriceLine, ...]:
    """
    Return what the price sheet of whoever runs the grid says today.

    :raises products.queries.pricing.NoPrice: without a tariff, a start, or a price on that day
    """
    _provider, tariff = _grid_at_the_place(grid)
    if tariff is None or grid.start_date is None:
        raise NoPrice("no tariff")
    return grid_lines(tariff_id=tariff.pk, day=grid.start_date, rate=grid.rate)


def _grid_at_the_place(grid: QuotationItem) -> tuple[ServiceProvider | None, GridTariff | None]:
    """Return who runs the grid on the day of the start, and their tariff for the customer."""
    provider = distributor_at(pod_id=grid.pod_id, day=grid.start_date or clock.today())
    if provider is None:
        return None, None
    return provider, grid_tariff_of(
        distributor_id=provider.pk,
        division=grid.division,
        segment=grid.quotation.account.segment,
    )


def missing_roles(items: Sequence[QuotationItem]) -> list[str]:
    """Return in words what is missing beside the supplies, or there without one."""
    wanted = set(roles_of(current_profile()))
    missing = []
    for supply in items:
        if supply.is_grid_usage:
            continue
        beside = {one.role for one in items if one.pod_id == supply.pod_id}
        missing += [
            _("%(role)s (%(division)s): take the supply out and add it again")
            % {"role": ItemRole(role).label, "division": supply.get_division_display()}
            for role in sorted(wanted ^ beside)
        ]
    return missing


def missing_of_grid_usage(grid: QuotationItem) -> list[str]:
    """Return in words what keeps the use of a grid from being offered."""
    division = grid.get_division_display()
    if grid.service_provider is None:
        return [_("distributor (%(division)s)") % {"division": division}]
    if grid.grid_tariff_id is None:
        return [
            _("grid tariff of %(distributor)s (%(division)s)")
            % {"distributor": grid.service_provider.name, "division": division}
        ]
    return []
