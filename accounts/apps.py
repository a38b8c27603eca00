"""App configuration of accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Register the accounts app."""

    name = "accounts"
    verbose_name = _("Accounts")
