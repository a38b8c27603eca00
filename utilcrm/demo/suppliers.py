"""The demo's suppliers: two for power and one for gas, each of which takes reports its own way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db.models import Q

from access.choices import SegmentCode
from market.choices import ReportChannel
from market.models import SupplierEndpoint
from market.services.reporting import connect_supplier
from premises.choices import Division
from products.models import Product, Supplier, SupplyAgreement
from products.services.catalogue import MARKETS
from products.services.supply import (
    create_agreement,
    create_supplier,
    feed_product,
    set_supply_price,
)
from tenants.queries import current_profile
from utilcrm.clock import today

USERNAME = "buyer"
PASSWORD = "buyer-secret"  # noqa: S105 - the sandbox guards nothing
PORTAL = "https://portal.gashandel.example/forecasts"
NEXT_YEAR_FACTOR = Decimal("1.04")
_STEP = Decimal("0.000001")


@dataclass(frozen=True)
class DemoSupplier:
    """A supplier with one agreement; `part` is its price as a part of what customers pay."""

    code: str
    name: str
    channel: ReportChannel
    division: Division
    segments: tuple[SegmentCode, ...]
    part: Decimal
    contracted_kwh: int | None


SUPPLIERS = (
    DemoSupplier(
        "nordkraft",
        "Nordkraft Generation",
        ReportChannel.SOAP,
        Division.ELECTRICITY,
        (SegmentCode.RESIDENTIAL,),
        Decimal("0.34"),
        60_000_000,
    ),
    DemoSupplier(
        "helios",
        "Helios Renewables",
        ReportChannel.REST,
        Division.ELECTRICITY,
        (SegmentCode.CORPORATE,),
        Decimal("0.31"),
        90_000_000,
    ),
    DemoSupplier(
        "gashandel",
        "Gashandel",
        ReportChannel.FILE,
        Division.GAS,
        (SegmentCode.RESIDENTIAL, SegmentCode.CORPORATE),
        Decimal("0.52"),
        None,
    ),
)


def supply_demo(code: str) -> None:
    """Give the current tenant its suppliers, and its products what feeds them; safe to repeat."""
    for wanted in SUPPLIERS:
        supplier = Supplier.objects.filter(code=wanted.code).first()
        if supplier is None:
            supplier = create_supplier(
                code=wanted.code, name=wanted.name, our_number=f"{code.upper()}-01"
            )
        _connect(supplier, wanted, code)
        agreement = supplier.agreements.order_by("pk").first() or _negotiate(supplier, wanted)
        # what an administrator has put otherwise stays so
        unfed = Product.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=today()),
            division=wanted.division,
            segment__in=wanted.segments,
            supplies__isnull=True,
        )
        for product in unfed.order_by("pk"):
            feed_product(
                product_id=product.pk,
                agreement_id=agreement.pk,
                valid_from=agreement.valid_from,
            )


def _connect(supplier: Supplier, wanted: DemoSupplier, code: str) -> None:
    """Say where it listens, for the port may change; what an administrator has set stays so."""
    addresses = {
        ReportChannel.SOAP: f"{settings.SANDBOX_SUPPLIERS_URL}/soap/{code}/forecast",
        ReportChannel.REST: f"{settings.SANDBOX_SUPPLIERS_URL}/rest/{code}/forecasts",
    }
    is_portal = wanted.channel == ReportChannel.FILE
    present = SupplierEndpoint.objects.filter(supplier=supplier).first()
    if present is not None and present.channel != wanted.channel:
        return
    connect_supplier(
        supplier_id=supplier.pk,
        channel=wanted.channel,
        url=addresses.get(wanted.channel, PORTAL),
        username="" if is_portal else USERNAME,
        password="" if is_portal else PASSWORD,
        upload_days=present.upload_days if present else 3,
        is_active=present.is_active if present else True,
    )


def _negotiate(supplier: Supplier, wanted: DemoSupplier) -> SupplyAgreement:
    """Agree on two years, with another price from the second on."""
    year = today().year
    first_day, change = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    agreement = create_agreement(
        supplier_id=supplier.pk,
        number=f"{wanted.code.upper()}-{year}",
        division=wanted.division,
        valid_from=first_day,
        valid_to=dt.date(year + 2, 1, 1),
        contracted_kwh=wanted.contracted_kwh,
    )
    market = MARKETS[current_profile().market]
    energy = market.energy[wanted.division] * wanted.part
    for day, factor in ((first_day, Decimal(1)), (change, NEXT_YEAR_FACTOR)):
        set_supply_price(
            agreement_id=agreement.pk,
            valid_from=day,
            energy_amount=(energy * factor).quantize(_STEP, rounding=ROUND_HALF_UP),
        )
    return agreement
