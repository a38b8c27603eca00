"""How a tenant works."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.choices import ContractModel, DeviceMode, Market
from tenants.models.tenant import Tenant


class Profile(models.Model):
    """
    A tenant's two switches, its market and its clocks.

    Periods are whole days of the tenant's own calendar. VAT rates are fractions (0.0500 = 5 %).
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="profile")
    contract_model = models.CharField(max_length=10, choices=ContractModel.choices)
    device_mode = models.CharField(max_length=12, choices=DeviceMode.choices)
    market = models.CharField(max_length=2, choices=Market.choices)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=40)
    phone_region = models.CharField(max_length=2)
    vat_residential = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.2"))
    vat_commercial = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.2"))

    withdrawal_days = models.PositiveSmallIntegerField(
        default=14, help_text=_("Right of withdrawal after a distance sale (2011/83/EU, art. 9).")
    )
    binding_days = models.PositiveSmallIntegerField(default=30)
    notice_days = models.PositiveSmallIntegerField(
        default=14,
        validators=[MaxValueValidator(366)],
        help_text=_("Notice of an ordinary termination, by the customer or by us."),
    )
    signature_link_days = models.PositiveSmallIntegerField(
        default=14, validators=[MaxValueValidator(90)]
    )
    signature_reminder_days = models.JSONField(
        default=list, help_text=_("Days after sending on which the customer is reminded.")
    )
    past_start_days = models.PositiveSmallIntegerField(
        default=30, help_text=_("How far in the past a supply may start.")
    )
    future_start_days = models.PositiveSmallIntegerField(default=365)
    wrap_up_seconds = models.PositiveSmallIntegerField(default=180)
    verification_points = models.PositiveSmallIntegerField(
        default=3, help_text=_("How many facts a caller must know before sensitive changes.")
    )
    auto_confirm_unique = models.BooleanField(
        default=True, help_text=_("Confirm an account by itself when a search finds just one.")
    )

    legal_name = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField(max_length=30)
    register_entry = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(vat_residential__gte=0, vat_residential__lt=1)
                & models.Q(vat_commercial__gte=0, vat_commercial__lt=1),
                name="tenants_profile_vat_is_a_fraction",
            )
        ]

    def __str__(self) -> str:
        return f"{self.tenant.name}: {self.contract_model} + {self.device_mode}"
