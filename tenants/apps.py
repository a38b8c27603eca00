"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Who the utility is."""

    name = "tenants"
    verbose_name = _("Tenants")
