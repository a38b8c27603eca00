"""Closed lists of the product catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Term(models.IntegerChoices):
    """For how many months a price is agreed."""

    MONTHS_12 = 12, _("12 months")
    MONTHS_24 = 24, _("24 months")
    MONTHS_36 = 36, _("36 months")


class PriceComponent(models.TextChoices):
    """What an amount of a price list is charged for."""

    STANDING_CHARGE = "STANDING_CHARGE", _("Standing charge per day")
    ENERGY = "ENERGY", _("Energy price per kWh")


class Dwelling(models.TextChoices):
    """Homes for which a usual consumption is known when nothing else is."""

    FLAT = "FLAT", _("Flat")
    TERRACED = "TERRACED", _("Terraced house")
    SEMI_DETACHED = "SEMI_DETACHED", _("Semi-detached house")
    DETACHED = "DETACHED", _("Detached house")
