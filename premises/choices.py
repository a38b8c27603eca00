"""Closed lists of the premises app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Division(models.TextChoices):
    """The energy that a point of delivery carries."""

    ELECTRICITY = "ELECTRICITY", _("Electricity")
    GAS = "GAS", _("Gas")


class PremiseKind(models.TextChoices):
    """What a premise is used for."""

    HOUSEHOLD = "HOUSEHOLD", _("Household")
    COMMERCIAL = "COMMERCIAL", _("Commercial")


class ProviderRole(models.TextChoices):
    """The part a market party plays."""

    DISTRIBUTOR = "DISTRIBUTOR", _("Distributor")
    SUPPLIER = "SUPPLIER", _("Supplier")
    METERING = "METERING", _("Metering operator")


class Service(models.TextChoices):
    """What a market party provides at a point of delivery."""

    SUPPLY = "SUPPLY", _("Supply")
    DISTRIBUTION = "DISTRIBUTION", _("Distribution")
    METERING = "METERING", _("Metering")


class GridKey(models.TextChoices):
    """By which start of which value a grid area recognises its points of delivery."""

    IDENTIFIER = "IDENTIFIER", _("Start of the identifier")
    POSTCODE = "POSTCODE", _("Start of the postcode")


ROLE_OF_SERVICE: dict[str, str] = {
    Service.SUPPLY.value: ProviderRole.SUPPLIER.value,
    Service.DISTRIBUTION.value: ProviderRole.DISTRIBUTOR.value,
    Service.METERING.value: ProviderRole.METERING.value,
}
