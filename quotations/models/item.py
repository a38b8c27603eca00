"""What is offered for one point of delivery: product, prices, meter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from devices.choices import Rate, RateType, Unit
from premises.choices import Division
from products.choices import Dwelling, PriceComponent, Term
from products.models import GridTariff, Product
from quotations.choices import ConsumptionSource
from quotations.models.quotation import Quotation
from tenants.choices import ItemRole
from utilcrm.db.models import Record


class QuotationItemQuerySet(CustomerQuerySet):
    """Items are seen by whoever sees the account of their quotation."""

    segment_path = "quotation__account__segment"


class QuotationItem(Record):
    """
    One division at one point of delivery: its supply or, in the dual model, the use of its grid.

    Grid usage hangs on the supply that it is offered with, follows it in start and consumption,
    and goes when it goes. What is offered is a product of ours for the supply, the distributor's
    tariff for the grid. Product, term and start date are empty while the agent has not chosen them
    yet. The version that guards against two agents is the quotation's.
    """

    quotation = models.ForeignKey(Quotation, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    role = models.CharField(
        _("role"), max_length=10, choices=ItemRole.choices, default=ItemRole.SUPPLY
    )
    supply_item = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="grid_items"
    )
    service_provider = models.ForeignKey(
        "premises.ServiceProvider",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotation_items",
    )
    pod = models.ForeignKey(
        "premises.PointOfDelivery", on_delete=models.PROTECT, related_name="quotation_items"
    )
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotation_items",
    )
    grid_tariff = models.ForeignKey(
        "products.GridTariff",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotation_items",
    )
    term_months = models.PositiveSmallIntegerField(
        _("term"), choices=Term.choices, null=True, blank=True
    )
    start_date = models.DateField(_("start of supply"), null=True, blank=True)
    move_in = models.BooleanField(_("customer moves in"), default=True)
    expected_annual_kwh = models.PositiveIntegerField(
        _("expected consumption per year"), null=True, blank=True
    )
    consumption_source = models.CharField(
        _("basis of the consumption"),
        max_length=10,
        choices=ConsumptionSource.choices,
        default=ConsumptionSource.STATED,
    )
    persons = models.PositiveSmallIntegerField(_("persons"), null=True, blank=True)
    floor_area = models.PositiveSmallIntegerField(_("floor area in m²"), null=True, blank=True)
    dwelling = models.CharField(
        _("kind of home"), max_length=13, choices=Dwelling.choices, blank=True
    )
    discount_percent = models.DecimalField(
        _("discount on the energy price"), max_digits=5, decimal_places=2, default=0
    )
    meter_serial = models.CharField(_("meter number"), max_length=18, blank=True)
    rate = models.CharField(_("rate"), max_length=6, choices=Rate.choices, default=Rate.SINGLE)

    objects = QuotationItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("quotation item")
        verbose_name_plural = _("quotation items")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="quotations_item_position", fields=["quotation", "position"]
            ),
            models.UniqueConstraint(
                name="quotations_item_pod_role", fields=["quotation", "pod", "role"]
            ),
            models.CheckConstraint(
                name="quotations_item_grid_has_supply",
                condition=Q(role=ItemRole.SUPPLY, supply_item__isnull=True)
                | Q(role=ItemRole.GRID_USAGE, supply_item__isnull=False),
            ),
            models.CheckConstraint(
                name="quotations_item_offers_its_own",
                condition=Q(role=ItemRole.SUPPLY, grid_tariff__isnull=True)
                | Q(role=ItemRole.GRID_USAGE, product__isnull=True, discount_percent=0),
            ),
            models.CheckConstraint(
                name="quotations_item_discount_range",
                condition=Q(discount_percent__gte=0, discount_percent__lt=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quotation_id}/{self.position}"

    @property
    def is_complete(self) -> bool:
        """Tell whether product (or tariff), term, start and consumption are all chosen."""
        offered = (
            self.grid_tariff_id if self.is_grid_usage else self.product_id and self.term_months
        )
        return bool(offered and self.start_date and self.expected_annual_kwh is not None)

    @property
    def is_grid_usage(self) -> bool:
        """Tell whether it is about the grid, beside a supply."""
        return self.role == ItemRole.GRID_USAGE

    @property
    def offer(self) -> Product | GridTariff | None:
        """What is offered: our product, or the distributor's tariff."""
        return self.grid_tariff if self.is_grid_usage else self.product


class QuotationItemPrice(Record):
    """
    A price as it stood when the product was chosen: what the customer accepts.

    Net, in the tenant's currency, per day or per kWh. `discounted_amount` is the price agreed.
    """

    item = models.ForeignKey(QuotationItem, on_delete=models.CASCADE, related_name="prices")
    component = models.CharField(_("component"), max_length=15, choices=PriceComponent.choices)
    rate_type = models.CharField(
        _("rate type"), max_length=7, choices=RateType.choices, default=RateType.ALL_DAY
    )
    amount = models.DecimalField(_("net list price"), max_digits=12, decimal_places=6)
    discounted_amount = models.DecimalField(_("net price agreed"), max_digits=12, decimal_places=6)

    class Meta:
        verbose_name = _("price of a quotation item")
        verbose_name_plural = _("prices of quotation items")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="quotations_item_price_once", fields=["item", "component", "rate_type"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.rate_type} {self.discounted_amount}"


class QuotationItemRegister(Record):
    """A counter of the customer's meter, as the agent typed it in."""

    item = models.ForeignKey(QuotationItem, on_delete=models.CASCADE, related_name="registers")
    code = models.CharField(_("register"), max_length=3)
    rate_type = models.CharField(
        _("rate type"), max_length=7, choices=RateType.choices, default=RateType.ALL_DAY
    )
    unit = models.CharField(_("unit"), max_length=3, choices=Unit.choices, default=Unit.KWH)
    digits = models.PositiveSmallIntegerField(_("digits before the point"), default=6)
    decimals = models.PositiveSmallIntegerField(_("digits after the point"), default=0)
    factor = models.DecimalField(_("factor"), max_digits=9, decimal_places=4, default=1)
    move_in_reading = models.DecimalField(
        _("reading at the start"), max_digits=14, decimal_places=3, null=True, blank=True
    )

    class Meta:
        verbose_name = _("register of a quotation item")
        verbose_name_plural = _("registers of quotation items")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="quotations_item_register_code", fields=["item", "code"]),
            models.CheckConstraint(
                name="quotations_item_register_shape",
                condition=Q(digits__range=(1, 9), decimals__range=(0, 3), factor__gt=0),
            ),
            models.CheckConstraint(
                name="quotations_item_register_reading",
                condition=Q(move_in_reading__isnull=True) | Q(move_in_reading__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.code}"
