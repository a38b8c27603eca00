"""Django configuration of the products app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    """Products, prices and load profiles."""

    name = "products"
    verbose_name = _("Products")
