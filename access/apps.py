"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Who may do what, and see which rows."""

    name = "access"
    verbose_name = _("Access")
