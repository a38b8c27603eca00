"""Kinds and states of documents and messages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    """What a document is to the customer."""

    QUOTATION = "QUOTATION", _("Quotation")
    CONTRACT = "CONTRACT", _("Contract")
    SIGNED_CONTRACT = "SIGNED_CONTRACT", _("Signed contract")
    WELCOME_LETTER = "WELCOME_LETTER", _("Welcome letter")
    LETTER = "LETTER", _("Letter")
    UPLOAD = "UPLOAD", _("Upload")


class DocumentStatus(TextChoices):
    """Whether the bytes are there."""

    RENDERING = "RENDERING", _("Being made")
    READY = "READY", _("Ready")
    FAILED = "FAILED", _("Failed")


DOCUMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    DocumentStatus.RENDERING: frozenset({DocumentStatus.READY, DocumentStatus.FAILED}),
    # A person has the worker try again.
    DocumentStatus.FAILED: frozenset({DocumentStatus.RENDERING}),
    DocumentStatus.READY: frozenset(),
}


class MessageStatus(TextChoices):
    """How far an outgoing message has come."""

    PENDING = "PENDING", _("Waiting to be sent")
    SENT = "SENT", _("Sent")
    FAILED = "FAILED", _("Refused by the mail server")
    CANCELLED = "CANCELLED", _("Cancelled")


MESSAGE_TRANSITIONS: dict[str, frozenset[str]] = {
    MessageStatus.PENDING: frozenset(
        {MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.CANCELLED}
    ),
    MessageStatus.FAILED: frozenset({MessageStatus.SENT, MessageStatus.CANCELLED}),
    MessageStatus.SENT: frozenset(),
    MessageStatus.CANCELLED: frozenset(),
}


class MessagePurpose(TextChoices):
    """Why a message was written."""

    QUOTATION = "QUOTATION", _("Quotation")
    SIGNATURE_LINK = "SIGNATURE_LINK", _("Link to sign")
    SIGNATURE_REMINDER = "SIGNATURE_REMINDER", _("Reminder to sign")
    SIGNED_COPY = "SIGNED_COPY", _("Copy of the signed contract")
    WELCOME_LETTER = "WELCOME_LETTER", _("Welcome letter")
    INVOICE = "INVOICE", _("Invoice")
    LETTER = "LETTER", _("Letter")
    ANSWER = "ANSWER", _("Answer in a conversation")
    OTHER = "OTHER", _("Other")
