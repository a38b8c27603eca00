"""Correspondence: every document and message that leaves the house or comes in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrespondenceConfig(AppConfig):
    """Documents, outgoing mail and the utility's seal."""

    name = "correspondence"
    verbose_name = _("Correspondence")
