"""The product: what a customer can order for a point of delivery."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from premises.choices import Division
from utilcrm.db.models import Record


class ProductQuerySet(models.QuerySet["Product"]):
    """Filters of the catalogue. Products carry no customer data: every agent may see them."""

    def on_sale(self, day: dt.date) -> Self:
        """Keep the products that a supply beginning on `day` may be sold with."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    def for_customer(self, *, division: str, segment: str) -> Self:
        """Keep the products of one division that are meant for one customer segment."""
        return self.filter(division=division, segment=segment)


class Product(Record):
    """
    A tariff of one division for one customer segment.

    `master_data_template` names the template by which the ERP generates installation, device
    info record and move-in. A product without one can be quoted, but not be replicated.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    segment = models.CharField(_("segment"), max_length=11, choices=SegmentCode.choices)
    description = models.CharField(_("description"), max_length=255, blank=True)
    master_data_template = models.CharField(
        _("master data template"),
        max_length=30,
        blank=True,
        help_text=_("Code in the ERP. Contracts cannot be generated without it."),
    )
    green = models.BooleanField(_("renewable origin"), default=False)
    valid_from = models.DateField(_("on sale from"))
    valid_to = models.DateField(_("on sale until"), null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="products_product_valid_range",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["division", "segment", "name"], name="products_product_offer"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def can_be_generated(self) -> bool:
        """Tell whether the ERP knows how to set up a supply with this product."""
        return bool(self.master_data_template)

    def is_on_sale(self, day: dt.date) -> bool:
        """Tell whether a supply beginning on `day` may be sold with it; see `on_sale`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
