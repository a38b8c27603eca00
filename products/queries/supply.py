"""Suppliers, agreements and prices as people read them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Prefetch, QuerySet

from products.models import Product, ProductSupply, Supplier, SupplyAgreement, SupplyPrice


def suppliers_with_agreements() -> QuerySet[Supplier]:
    """Return all suppliers by name, their agreements with prices loaded."""
    agreements = SupplyAgreement.objects.order_by("division", "valid_from").prefetch_related(
        Prefetch("prices", queryset=SupplyPrice.objects.order_by("valid_from"))
    )
    return Supplier.objects.order_by("name").prefetch_related(
        Prefetch("agreements", queryset=agreements)
    )


def products_with_supply(day: dt.date) -> QuerySet[Product]:
    """Return the products on sale today or later, with what feeds them from `day` on."""
    supplies = (
        ProductSupply.objects.select_related("agreement__supplier")
        .exclude(valid_to__lte=day)
        .order_by("valid_from")
    )
    return (
        Product.objects.exclude(valid_to__lte=day)
        .order_by("division", "segment", "name")
        .prefetch_related(Prefetch("supplies", queryset=supplies))
    )


def price_on(agreement: SupplyAgreement, day: dt.date) -> SupplyPrice | None:
    """Return what is paid under an agreement on a day."""
    return SupplyPrice.objects.filter(agreement=agreement).valid_on(day).first()
