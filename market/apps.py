"""The market app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm.web.palette import Command, NavItem, register


class MarketConfig(AppConfig):
    """Messages with the regulator's register and with suppliers of one tenant."""

    name = "market"
    verbose_name = _("Market")

    def ready(self) -> None:
        """Offer the back office's screens."""
        register(
            NavItem(
                key="market.reports",
                label=_("Reports to suppliers"),
                url="market:reports",
                icon="timeline",
                permission="market.report_supply",
                order=730,
                prefix="/market/reports/",
            ),
            Command(
                key="market.reports",
                label=_("Reports to suppliers"),
                url="market:reports",
                permission="market.report_supply",
                icon="timeline",
            ),
        )
