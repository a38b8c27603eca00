"""Pages for people who are not staff."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalsConfig(AppConfig):
    """The page on which customers sign."""

    name = "portals"
    verbose_name = _("Portals")
