"""App configuration of accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm.web.palette import Command, register


class AccountsConfig(AppConfig):
    """Register the accounts app."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Offer the operations in the command palette."""
        register(
            Command(
                "account-new",
                _("New account"),
                "accounts:create",
                group=_("Customer"),
                permission="accounts.create_account",
                icon="user-plus",
                shortcut="g n",
                order=30,
            ),
        )
