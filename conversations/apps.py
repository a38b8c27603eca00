"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm.web.palette import Command, NavItem, register


class ConversationsConfig(AppConfig):
    """Conversations in writing, and the mailboxes that they come from."""

    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        """Offer what waits in the side bar, and the rest in the command palette."""
        see, manage = "conversations.view_conversation", "conversations.manage_mailbox"
        register(
            NavItem("conversations", _("Inbox"), "conversations:list", "email", see, 20),
            Command(
                "conversations",
                _("Conversations that wait"),
                "conversations:list",
                permission=see,
                icon="email",
                shortcut="g e",
                order=12,
            ),
            Command(
                "letter-scan",
                _("Take in a letter"),
                "conversations:scan",
                permission="conversations.scan_letter",
                icon="letter",
                order=45,
            ),
            Command(
                "mailboxes",
                _("Mailboxes"),
                "conversations:mailboxes",
                permission=manage,
                icon="email",
                order=62,
            ),
        )
