"""Django configuration of the quotations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm import deadlines
from utilcrm.web.palette import Command, NavItem, register


class QuotationsConfig(AppConfig):
    """Quotations, their items and approvals."""

    name = "quotations"
    verbose_name = _("Quotations")

    def ready(self) -> None:
        """Offer the lists in the palette and the side bar, and the deadlines on the board."""
        from quotations.queries.deadlines import BindingPeriods  # noqa: PLC0415 (models)

        deadlines.register(BindingPeriods())
        register(
            NavItem(
                key="quotations",
                label=_("Quotations"),
                url="quotations:list",
                icon="quotation",
                permission="quotations.view_quotation",
                order=30,
            ),
            Command(
                key="quotations.list",
                label=_("Quotations"),
                url="quotations:list",
                permission="quotations.view_quotation",
                icon="quotation",
                shortcut="g q",
                order=30,
            ),
            Command(
                key="quotations.approvals",
                label=_("Approvals of discounts"),
                url="quotations:approvals",
                permission="quotations.decide_approval",
                icon="verified",
                shortcut="g a",
                order=31,
            ),
        )
