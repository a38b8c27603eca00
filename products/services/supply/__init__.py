"""Suppliers of energy, what was agreed with them, and which products they feed."""

from products.services.supply.agreements import (
    AgreementRefused,
    change_agreement,
    create_agreement,
    create_supplier,
    rename_supplier,
)
from products.services.supply.feeding import FeedRefused, feed_product
from products.services.supply.pricing import PriceRefused, set_supply_price

__all__ = [
    "AgreementRefused",
    "FeedRefused",
    "PriceRefused",
    "change_agreement",
    "create_agreement",
    "create_supplier",
    "feed_product",
    "rename_supplier",
    "set_supply_price",
]
