"""Channels and states of conversations, and what is said about a message."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """The way by which a conversation began."""

    EMAIL = "EMAIL", _("E-mail")
    CHAT = "CHAT", _("Chat")
    WEB_FORM = "WEB_FORM", _("Web form")
    LETTER = "LETTER", _("Letter")


BY_MAIL = frozenset({Channel.EMAIL, Channel.WEB_FORM, Channel.LETTER})
"""Channels whose answers go out by e-mail; a chat is answered where it is."""


class ConversationStatus(TextChoices):
    """Who has to do the next thing."""

    NEW = "NEW", _("Waits for us")
    ASSIGNED = "ASSIGNED", _("In work")
    WAITING = "WAITING", _("Waits for the customer")
    DONE = "DONE", _("Done")
    SPAM = "SPAM", _("Spam")


CONVERSATION_TRANSITIONS: dict[str, frozenset[str]] = {
    ConversationStatus.NEW: frozenset(
        {ConversationStatus.ASSIGNED, ConversationStatus.DONE, ConversationStatus.SPAM}
    ),
    ConversationStatus.ASSIGNED: frozenset(
        {
            ConversationStatus.NEW,
            ConversationStatus.WAITING,
            ConversationStatus.DONE,
            ConversationStatus.SPAM,
        }
    ),
    # The customer writes again, or an agent goes on without waiting.
    ConversationStatus.WAITING: frozenset(
        {ConversationStatus.NEW, ConversationStatus.ASSIGNED, ConversationStatus.DONE}
    ),
    ConversationStatus.DONE: frozenset({ConversationStatus.NEW, ConversationStatus.ASSIGNED}),
    ConversationStatus.SPAM: frozenset({ConversationStatus.NEW}),
}

UNFINISHED = frozenset(
    {ConversationStatus.NEW, ConversationStatus.ASSIGNED, ConversationStatus.WAITING}
)


class Direction(TextChoices):
    """Who wrote a message."""

    IN = "IN", _("From the customer")
    OUT = "OUT", _("From us")


class Remark(TextChoices):
    """What an agent should know about a message before believing it, or missing a part of it."""

    TOO_LARGE = "TOO_LARGE", _("Too large: only its head was taken in. Ask for it in parts.")
    TOO_DEEP = "TOO_DEEP", _("Built in too many layers: only its head was read.")
    UNREADABLE = "UNREADABLE", _("Could not be read; it is attached as it came.")
    ENCODING = "ENCODING", _("Strange encoding: some characters may be wrong.")
    CUT = "CUT", _("Very long: the end of the text was left out.")
    MANY_FILES = "MANY_FILES", _("Too many attachments: the last ones were left out.")
    FILE_KEPT_OUT = "FILE_KEPT_OUT", _("An attachment was kept out as dangerous.")
    UNPROVEN = "UNPROVEN", _("Nobody has proven that it comes from this sender.")
    FORGED = "FORGED", _("The sender is probably forged: our mail server's checks failed.")
    REPLY_TO = "REPLY_TO", _("Answers go to another address than the sender's.")
    OTHER_SENDER = "OTHER_SENDER", _("Comes from another address than the messages before.")
    BY_NUMBER = "BY_NUMBER", _("Stands here by the number in its subject, which anybody can write.")
    AUTOMATIC = "AUTOMATIC", _("Sent by a machine; it is not answered by itself.")
    FLOOD = "FLOOD", _("This sender writes very often; the messages are kept together.")


class Verdict(TextChoices):
    """Whether an attachment may be opened."""

    GOOD = "GOOD", _("checked")
    WAITING = "WAITING", _("is being checked for viruses")
    UNCHECKED = "UNCHECKED", _("could not be checked for viruses")
    VIRUS = "VIRUS", _("carries a virus")
    BOMB = "BOMB", _("unpacks to far more than it may")
    PROGRAM = "PROGRAM", _("is a program")


class Security(TextChoices):
    """How the connection to a mailbox is protected."""

    TLS = "TLS", _("TLS (port 993)")
    PLAIN = "PLAIN", _("none (only inside one's own network)")


class Intake(TextChoices):
    """What became of a raw message."""

    TAKEN = "TAKEN", _("Taken in")
    DUPLICATE = "DUPLICATE", _("Known already")
    BOUNCE = "BOUNCE", _("A bounce of ours")
