"""The events app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Audit log, outbox and inbox of one tenant."""

    name = "events"
    verbose_name = _("Events and messages")
