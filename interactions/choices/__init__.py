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


IN_WRITING = frozenset({Channel.EMAIL, Channel.CHAT, Channel.LETTER})
"""Channels whose contacts are about a conversation."""


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
    """Where a telephone call stands, as its events tell."""

    RINGING = "RINGING", _("Ringing")
    CONNECTED = "CONNECTED", _("Connected")
    HELD = "HELD", _("On hold")
    ENDED = "ENDED", _("Ended")
    MISSED = "MISSED", _("Missed")


CALL_OVER = frozenset({CallStatus.ENDED, CallStatus.MISSED})
"""Nobody is on the line; `MISSED` was never answered."""


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


class ScriptStatus(TextChoices):
    """Where one version of a script stands."""

    DRAFT = "DRAFT", _("Draft")
    RELEASED = "RELEASED", _("Released")
    RETIRED = "RETIRED", _("Retired")


SCRIPT_TRANSITIONS: dict[str, frozenset[str]] = {
    ScriptStatus.DRAFT: frozenset({ScriptStatus.RELEASED}),
    ScriptStatus.RELEASED: frozenset({ScriptStatus.RETIRED}),
    ScriptStatus.RETIRED: frozenset(),
}
"""What was released is never edited again: answers must stay readable beside their questions."""


class NodeKind(TextChoices):
    """What a step of a script asks of the agent."""

    QUESTION = "QUESTION", _("Question")
    NOTE = "NOTE", _("Text to say or to know")
    END = "END", _("End of the script")


class AnswerKind(TextChoices):
    """How a question is answered."""

    CHOICE = "CHOICE", _("One of several (buttons)")
    LIST = "LIST", _("One of several (list)")
    SEVERAL = "SEVERAL", _("Any of several (ticks)")
    YES_NO = "YES_NO", _("Yes or no")
    TEXT = "TEXT", _("Text")
    DATE = "DATE", _("Date")
    NUMBER = "NUMBER", _("Number")


WITH_OPTIONS = frozenset(
    {AnswerKind.CHOICE, AnswerKind.LIST, AnswerKind.SEVERAL, AnswerKind.YES_NO}
)
"""Kinds whose answers the script offers; the others are typed."""

BY_DIGIT = frozenset({AnswerKind.CHOICE, AnswerKind.SEVERAL, AnswerKind.YES_NO})
"""Kinds whose answers are chosen with the digits 1 to 9."""


class WayOn(TextChoices):
    """Where an answer leads."""

    COMMON = "COMMON", _("goes as said below")
    NODE = "NODE", _("to another step")
    SCRIPT = "SCRIPT", _("to another script")
    END = "END", _("the script ends")
    NOWHERE = "NOWHERE", _("leads nowhere yet")


class Opens(TextChoices):
    """What an answer opens beside the script."""

    NOTHING = "NOTHING", _("opens nothing")
    PROCESS = "PROCESS", _("a process")
    SCREEN = "SCREEN", _("a screen")
    ADDRESS = "ADDRESS", _("a web address")


class GuideScreen(TextChoices):
    """The screens that a script can open, with what the contact has confirmed."""

    CUSTOMER = "CUSTOMER", _("The customer in one view")
    ADDRESS_DATA = "ADDRESS_DATA", _("Change name, address or reach")
    PAYMENT_DATA = "PAYMENT_DATA", _("Change payment data (IBAN, method)")
    QUOTATION = "QUOTATION", _("New quotation for this customer")
    READING = "READING", _("Enter a meter reading")
    INSTALMENT = "INSTALMENT", _("Change the monthly instalment")
    OPEN_ITEMS = "OPEN_ITEMS", _("Balance, open items and bills")
    PAY_LATER = "PAY_LATER", _("Defer a payment, or split it into instalments")
    CASES = "CASES", _("Cases and promises of this customer")
    NEW_CASE = "NEW_CASE", _("Open a case (inquiry, complaint, dispute)")
    NEW_PROMISE = "NEW_PROMISE", _("Promise the customer something")
    PROTECTION = "PROTECTION", _("Protection from disconnection")
    VERIFY = "VERIFY", _("Verify caller")


class BindingKind(TextChoices):
    """What makes a script start by itself."""

    QUEUE = "QUEUE", _("Queue of the telephone system")
    CALLED_NUMBER = "CALLED_NUMBER", _("Number that was called")
    CAMPAIGN = "CAMPAIGN", _("Campaign of the telephone system")
    PROCESS = "PROCESS", _("Process that is begun in a contact")


class RunStatus(TextChoices):
    """Where the way of one contact through a script stands."""

    RUNNING = "RUNNING", _("Unfinished")
    FINISHED = "FINISHED", _("Finished")
    BROKEN_OFF = "BROKEN_OFF", _("Broken off")


RUN_TRANSITIONS: dict[str, frozenset[str]] = {
    RunStatus.RUNNING: frozenset({RunStatus.FINISHED, RunStatus.BROKEN_OFF}),
    RunStatus.FINISHED: frozenset({RunStatus.RUNNING}),
    RunStatus.BROKEN_OFF: frozenset({RunStatus.RUNNING}),
}
"""
A run that nobody finished stays unfinished, so that a later contact can go on with it. What ended
goes back to unfinished in one case only: the contact in which it ended was the wrong customer's
and is cleared, while an earlier contact keeps what was answered there.
"""
