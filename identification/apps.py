"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentificationConfig(AppConfig):
    """The index behind the one search box."""

    name = "identification"
    verbose_name = _("Identification")
