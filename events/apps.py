"""The events app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm.web.palette import Command, NavItem, register


class EventsConfig(AppConfig):
    """Facts, and the messages that follow from them."""

    name = "events"
    verbose_name = _("Events and messages")

    def ready(self) -> None:
        """Offer the message monitor."""
        register(
            NavItem(
                key="events.messages",
                label=_("Messages"),
                url="events:messages",
                icon="delivery",
                permission="events.view_messages",
                order=700,
                prefix="/messages/",
            ),
            Command(
                key="events.messages",
                label=_("Messages to other companies"),
                url="events:messages",
                permission="events.view_messages",
                icon="delivery",
            ),
        )
