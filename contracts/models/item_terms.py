"""What was agreed for a contract item: prices, and the counters of the meter."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models.item import ContractItem
from devices.choices import RateType, Unit
from products.choices import PriceComponent
from utilcrm.db.models import Record


class ContractItemPrice(Record):
    """
    An agreed price, copied digit by digit from the accepted quotation.

    Net, in the contract's currency, per day or per kWh. `agreed_amount` is what is billed.
    """

    item = models.ForeignKey(ContractItem, on_delete=models.CASCADE, related_name="prices")
    component = models.CharField(_("component"), max_length=15, choices=PriceComponent.choices)
    rate_type = models.CharField(
        _("rate type"), max_length=7, choices=RateType.choices, default=RateType.ALL_DAY
    )
    amount = models.DecimalField(_("net list price"), max_digits=12, decimal_places=6)
    agreed_amount = models.DecimalField(_("net price agreed"), max_digits=12, decimal_places=6)

    class Meta:
        verbose_name = _("price of a contract item")
        verbose_name_plural = _("prices of contract items")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="contracts_item_price_once", fields=["item", "component", "rate_type"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.rate_type} {self.agreed_amount}"


class ContractItemRegister(Record):
    """A counter of the customer's meter, from which the ERP makes the device info record."""

    item = models.ForeignKey(ContractItem, on_delete=models.CASCADE, related_name="registers")
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
        verbose_name = _("register of a contract item")
        verbose_name_plural = _("registers of contract items")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="contracts_item_register_code", fields=["item", "code"]),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.code}"
