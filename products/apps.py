"""Django configuration of the products app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm.web.palette import Command, register


class ProductsConfig(AppConfig):
    """Products, prices and load profiles."""

    name = "products"
    verbose_name = _("Products")

    def ready(self) -> None:
        """Offer the price list in the palette."""
        register(
            Command(
                key="products.list",
                label=_("Products and prices"),
                url="products:list",
                permission="access.use_workbench",
                icon="product",
                shortcut="g t",
                order=35,
            )
        )
