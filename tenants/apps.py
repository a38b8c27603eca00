"""App configuration."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Who the utility is."""

    name = "tenants"
    verbose_name = "Tenants"
