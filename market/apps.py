"""The market app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm import deadlines
from utilcrm.web.palette import Command, NavItem, register


class MarketConfig(AppConfig):
    """Messages with the regulator's register and with suppliers of one tenant."""

    name = "market"
    verbose_name = _("Market")

    def ready(self) -> None:
        """Offer the back office's screens, and put what is due on the board."""
        from market.queries.deadlines import MarketTasks, RegisterAnswers  # noqa: PLC0415 (models)

        deadlines.register(MarketTasks(), RegisterAnswers())
        register(
            NavItem(
                key="market.tasks",
                label=_("Market"),
                url="market:tasks",
                icon="delivery",
                permission="market.view_markettask",
                order=720,
                prefix="/market/",
            ),
            Command(
                key="market.tasks",
                label=_("Market tasks"),
                url="market:tasks",
                permission="market.view_markettask",
                icon="warning",
            ),
            Command(
                key="market.periods",
                label=_("Supplies at the register"),
                url="market:periods",
                permission="market.view_supplyperiod",
                icon="contract",
            ),
            Command(
                key="market.messages",
                label=_("Messages with the register"),
                url="market:messages",
                permission="market.view_registermessage",
                icon="delivery",
            ),
            Command(
                key="market.disconnections",
                label=_("Disconnections for non-payment"),
                url="market:disconnections",
                permission="market.view_disconnectionorder",
                icon="dunning",
            ),
            Command(
                key="market.endpoint",
                label=_("Connection to the register"),
                url="market:endpoint",
                permission="market.view_registermessage",
                icon="delivery",
            ),
            NavItem(
                key="market.reports",
                label=_("Supplier reports"),
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
