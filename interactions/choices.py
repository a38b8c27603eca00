"""States and codes of a contact with a customer."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """How the customer reached us, or we them."""

    PHONE = "PHONE", _("Phone")
    EMAIL = "EMAIL", _("E-mail")
    CHAT = "CHAT", _("Chat")
    LETTER = "LETTER", _("Letter")
    VISIT = "VISIT", _("Visit")


class Direction(TextChoices):
    """Who began."""

    INBOUND = "INBOUND", _("Inbound")
    OUTBOUND = "OUTBOUND", _("Outbound")


class InteractionStatus(TextChoices):
    """Where a contact stands."""

    OPEN = "OPEN", _("In contact")
    WRAP_UP = "WRAP_UP", _("Wrap-up")
    CLOSED = "CLOSED", _("Closed")
    CLEARED = "CLEARED", _("Cleared")


TRANSITIONS: dict[str, frozenset[str]] = {
    InteractionStatus.OPEN: frozenset({InteractionStatus.WRAP_UP, InteractionStatus.CLEARED}),
    InteractionStatus.WRAP_UP: frozenset(
        {InteractionStatus.OPEN, InteractionStatus.CLOSED, InteractionStatus.CLEARED}
    ),
    InteractionStatus.CLOSED: frozenset(),
    InteractionStatus.CLEARED: frozenset(),
}
"""`CLEARED` is SAP's "clear interaction": the identification was wrong and nothing of it stays."""

LIVE = frozenset({InteractionStatus.OPEN, InteractionStatus.WRAP_UP})


class Result(TextChoices):
    """What came of a contact."""

    RESOLVED = "RESOLVED", _("Resolved")
    QUOTATION_SENT = "QUOTATION_SENT", _("Quotation sent")
    CONTRACT_CONCLUDED = "CONTRACT_CONCLUDED", _("Contract concluded")
    FOLLOW_UP = "FOLLOW_UP", _("Follow-up agreed")
    NOT_REACHED = "NOT_REACHED", _("Not reached")
    NO_INTEREST = "NO_INTEREST", _("No interest")
    NOT_STATED = "NOT_STATED", _("Not stated (closed by the timer)")


class CallStatus(TextChoices):
    """Where a telephone call stands, as the telephone system says."""

    RINGING = "RINGING", _("Ringing")
    CONNECTED = "CONNECTED", _("Connected")
    ENDED = "ENDED", _("Ended")
    MISSED = "MISSED", _("Missed")


CALL_TRANSITIONS: dict[str, frozenset[str]] = {
    CallStatus.RINGING: frozenset({CallStatus.CONNECTED, CallStatus.MISSED, CallStatus.ENDED}),
    CallStatus.CONNECTED: frozenset({CallStatus.ENDED}),
    CallStatus.ENDED: frozenset(),
    CallStatus.MISSED: frozenset(),
}


class VerificationPoint(TextChoices):
    """A fact that a caller can know. Which were known is logged, never their values."""

    ACCOUNT_NUMBER = "ACCOUNT_NUMBER", _("Account or agreement number")
    NAME = "NAME", _("Full name")
    ADDRESS = "ADDRESS", _("Address and postcode")
    BIRTH_DATE = "BIRTH_DATE", _("Date of birth")
    CONTACT = "CONTACT", _("E-mail or phone number on file")
    SUPPLY = "SUPPLY", _("What is supplied, or a meter number")
    PAYMENT = "PAYMENT", _("Last digits of the bank account")


class DefaultReason(TextChoices):
    """The reasons that every tenant starts with; administrators add their own."""

    SALES = "SALES", _("Sales")
    NEW_SUPPLY = "NEW_SUPPLY", _("New supply")
    OFFER_QUESTION = "OFFER_QUESTION", _("Question about an offer")
    CONTRACT = "CONTRACT", _("Contract")
    MOVE = "MOVE", _("Move")
    CHANGE_OF_DATA = "CHANGE_OF_DATA", _("Change of data")
    CANCELLATION = "CANCELLATION", _("Cancellation")
    BILLING = "BILLING", _("Billing")
    BILL_QUESTION = "BILL_QUESTION", _("Question about a bill")
    PAYMENT = "PAYMENT", _("Payment")
    READING = "READING", _("Meter reading")
    OTHER = "OTHER", _("Other")
    TIMED_OUT = "TIMED_OUT", _("Closed by the timer")


REASON_TREE: dict[str, tuple[str, ...]] = {
    DefaultReason.SALES: (DefaultReason.NEW_SUPPLY, DefaultReason.OFFER_QUESTION),
    DefaultReason.CONTRACT: (
        DefaultReason.MOVE,
        DefaultReason.CHANGE_OF_DATA,
        DefaultReason.CANCELLATION,
    ),
    DefaultReason.BILLING: (
        DefaultReason.BILL_QUESTION,
        DefaultReason.PAYMENT,
        DefaultReason.READING,
    ),
    DefaultReason.OTHER: (),
    DefaultReason.TIMED_OUT: (),
}

COLOURS = 6
"""How many colours tell parallel contacts apart."""
