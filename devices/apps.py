"""App configuration of devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    """Register the devices app."""

    name = "devices"
    verbose_name = _("Devices")
