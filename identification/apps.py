"""App configuration."""

from django.apps import AppConfig


class IdentificationConfig(AppConfig):
    """The index behind the one search box."""

    name = "identification"
    verbose_name = "Identification"
