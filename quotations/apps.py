"""Django configuration of the quotations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotationsConfig(AppConfig):
    """Quotations, their items and approvals."""

    name = "quotations"
    verbose_name = _("Quotations")
