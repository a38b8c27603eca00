"""App configuration of premises."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PremisesConfig(AppConfig):
    """Register the premises app."""

    name = "premises"
    verbose_name = _("Premises")
