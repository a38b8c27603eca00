"""Records of the product catalogue."""

from products.models.load_profile import LoadProfile, LoadProfileShare
from products.models.price import Price
from products.models.product import Product

__all__ = ["LoadProfile", "LoadProfileShare", "Price", "Product"]
