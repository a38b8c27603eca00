"""Contracts: from the accepted quotation to the ERP."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """Contracts, their items, and the signatures under them."""

    name = "contracts"
    verbose_name = _("Contracts")
