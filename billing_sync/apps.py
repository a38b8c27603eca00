"""The billing_sync app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingSyncConfig(AppConfig):
    """Synchronisation with the billing system of one tenant."""

    name = "billing_sync"
    verbose_name = _("Billing system")
