"""The market app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketConfig(AppConfig):
    """Messages with the regulator's register and with suppliers of one tenant."""

    name = "market"
    verbose_name = _("Market")
