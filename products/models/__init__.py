"""Records of the product catalogue."""

from products.models.grid_tariff import GridPrice, GridTariff
from products.models.load_profile import LoadProfile, LoadProfileShare
from products.models.price import Price
from products.models.product import Product
from products.models.supplier import Supplier, SupplyAgreement
from products.models.supply_terms import ProductSupply, SupplyPrice

__all__ = [
    "GridPrice",
    "GridTariff",
    "LoadProfile",
    "LoadProfileShare",
    "Price",
    "Product",
    "ProductSupply",
    "Supplier",
    "SupplyAgreement",
    "SupplyPrice",
]
