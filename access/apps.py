"""App configuration."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may do what, and see which rows."""

    name = "access"
    verbose_name = "Access"
