"""Set up a tenant's catalogue: load profiles, and products to demonstrate with."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from devices.choices import RateType
from premises.choices import Division
from products.choices import PriceComponent
from products.models import LoadProfile, LoadProfileShare, Price, Product
from products.services.catalogue import (
    DAY_FACTOR,
    MARKETS,
    NIGHT_FACTOR,
    PRODUCTS,
    TERM_FACTORS,
    CatalogueProduct,
    MarketPrices,
)
from products.services.grid_tariffs import GRID_CHARGES, GridCharges, seed_grid_tariffs
from products.services.load_profiles import compute_load_profiles
from tenants.queries import current_profile
from tenants.scenario import grid_usage_is_apart
from utilcrm.clock import today

_STEP = Decimal("0.000001")
NEXT_YEAR_FACTOR = Decimal("1.02")


@transaction.atomic
def seed_load_profiles() -> int:
    """Compute and store the load profiles that are missing; return how many."""
    known = set(LoadProfile.objects.values_list("code", flat=True))
    if known >= {"H25", "G25", "EFH", "GHD"}:
        return 0
    missing = [table for table in compute_load_profiles() if table.code not in known]
    for table in missing:
        profile = LoadProfile.objects.create(
            code=table.code, name=table.name, division=table.division, segment=table.segment
        )
        LoadProfileShare.objects.bulk_create(
            LoadProfileShare(
                profile=profile,
                month=month,
                share=table.shares[month - 1],
                night_share=table.night_shares[month - 1],
            )
            for month in range(1, 13)
        )
    return len(missing)


@transaction.atomic
def seed_demo_catalogue() -> int:
    """
    Store load profiles, and the products of the demonstration that do not exist yet.

    Prices begin with the present year and rise a little on 1 April of the next, so that the
    list shows what a planned change looks like. Where the use of the grid is charged apart, the
    products cost that much less, and the distributors' tariffs are stored. What exists is left
    alone. Returns how many products were made.
    """
    seed_load_profiles()
    profile = current_profile()
    first_day = dt.date(today().year, 1, 1)
    market = MARKETS[profile.market]
    if grid_usage_is_apart(profile):
        market = _without_grid(market, GRID_CHARGES[profile.market])
        seed_grid_tariffs()
    known = set(Product.objects.values_list("code", flat=True))
    made = 0
    for wanted in PRODUCTS:
        if wanted.code in known:
            continue
        language = profile.language if profile.language in wanted.names else "en"
        product = Product.objects.create(
            code=wanted.code,
            name=wanted.names[language],
            description=wanted.descriptions[language],
            division=wanted.division,
            segment=wanted.segment,
            master_data_template=wanted.master_data_template,
            green=wanted.green,
            valid_from=first_day,
        )
        Price.objects.bulk_create(_prices(product, wanted, market, first_day))
        made += 1
    return made


def _without_grid(whole: MarketPrices, grid: GridCharges) -> MarketPrices:
    return MarketPrices(
        standing={one: whole.standing[one] - grid.standing[one] for one in whole.standing},
        energy={one: whole.energy[one] - grid.energy[one] for one in whole.energy},
    )


def _prices(
    product: Product, wanted: CatalogueProduct, market: MarketPrices, first_day: dt.date
) -> list[Price]:
    """Return the price list of one product: each term, now and from the planned change on."""
    standing = market.standing[wanted.division] * wanted.standing_factor
    energy = market.energy[wanted.division] * wanted.energy_factor
    change = dt.date(first_day.year + 1, 4, 1)
    rates = {RateType.ALL_DAY: Decimal(1)}
    if wanted.division == Division.ELECTRICITY:
        rates |= {RateType.DAY: DAY_FACTOR, RateType.NIGHT: NIGHT_FACTOR}
    prices = []
    for term in wanted.terms:
        uses = [(PriceComponent.STANDING_CHARGE, RateType.ALL_DAY, standing)]
        uses += [
            (PriceComponent.ENERGY, rate_type, energy * TERM_FACTORS[term] * factor)
            for rate_type, factor in rates.items()
        ]
        for component, rate_type, amount in uses:
            for start, end, rise in (
                (first_day, change, Decimal(1)),
                (change, None, NEXT_YEAR_FACTOR),
            ):
                prices.append(
                    Price(
                        product=product,
                        term_months=term,
                        component=component,
                        rate_type=rate_type,
                        amount=(amount * rise).quantize(_STEP, rounding=ROUND_HALF_UP),
                        valid_from=start,
                        valid_to=end,
                    )
                )
    return prices
