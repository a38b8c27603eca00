"""App configuration of premises."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm.web.palette import Command, NavItem, register


class PremisesConfig(AppConfig):
    """Register the premises app."""

    name = "premises"
    verbose_name = _("Premises")

    def ready(self) -> None:
        """Offer the places of supply in the side bar and the command palette."""
        register(
            NavItem(
                "vacant",
                _("Vacant premises"),
                "premises:vacant",
                "premise",
                "premises.view_premise",
                40,
            ),
            Command(
                "premise-find",
                _("Find or create a place of supply"),
                "premises:find",
                group=_("Customer"),
                permission="premises.view_premise",
                icon="premise",
                shortcut="g p",
                order=32,
            ),
        )
