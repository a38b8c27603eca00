"""What the catalogue adds to the check list, and which of it travels between tenants."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.models import GridPrice, GridTariff, Price, Product
from utilcrm import clock
from utilcrm.setting_up import Finding, Part, part_of

_VALIDITY = ("amount", "valid_to")


def look_at_products() -> Finding:
    """Something is on sale today, with a price, and the ERP can generate it."""
    today = clock.today()
    priced = Price.objects.filter(product=OuterRef("pk"), valid_from__lte=today).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    )
    on_sale = Product.objects.filter(Exists(priced), valid_from__lte=today).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    )
    number = on_sale.exclude(master_data_template="").count()
    if not number:
        return Finding(False, _("No product with a price of today and a master data template."))
    return Finding(True, _("%(count)d products can be sold today.") % {"count": number})


def parts() -> list[Part]:
    """Products, tariffs and their prices, in the order in which they can be written."""
    product = ("name", "division", "segment", "description", "master_data_template", "green")
    when = ("component", "rate_type", "valid_from")
    return [
        part_of(
            Product,
            key="products",
            label=gettext_lazy("Products"),
            same=("code",),
            others=(*product, "valid_from", "valid_to"),
        ),
        part_of(
            Price,
            key="prices",
            label=gettext_lazy("Prices"),
            same=("product__code", "term_months", *when),
            others=_VALIDITY,
        ),
        part_of(
            GridTariff,
            key="grid-tariffs",
            label=gettext_lazy("Grid tariffs"),
            same=("code",),
            others=("name", "distributor__code", "division", "segment", "master_data_template"),
        ),
        part_of(
            GridPrice,
            key="grid-prices",
            label=gettext_lazy("Prices of the grid"),
            same=("tariff__code", *when),
            others=_VALIDITY,
        ),
    ]
