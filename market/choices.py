"""Closed lists of the market: languages of registers, reasons, and states of what was told."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MARKET = "market"
"""The destination of what the register is told."""


class Codec(TextChoices):
    """The language that a register speaks."""

    POSF = "POSF", _("Switching platform (queue of XML documents)")
    CIM = "CIM", _("Data hub (CIM XML, peek and dequeue)")


class ReportChannel(TextChoices):
    """How a supplier takes our monthly report."""

    SOAP = "SOAP", _("Web service (SOAP)")
    REST = "REST", _("Web service (REST)")
    FILE = "FILE", _("File for the supplier's portal")


class ReportStatus(TextChoices):
    """How far a report to a supplier has come."""

    COUNTING = "COUNTING", _("Being calculated")
    DRAFT = "DRAFT", _("Draft")
    SENDING = "SENDING", _("On its way")
    TO_UPLOAD = "TO_UPLOAD", _("To be uploaded")
    CONFIRMED = "CONFIRMED", _("Taken by the supplier")
    REJECTED = "REJECTED", _("Refused by the supplier")
    REPLACED = "REPLACED", _("Replaced by a correction")


REPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ReportStatus.COUNTING: frozenset({ReportStatus.DRAFT}),
    ReportStatus.DRAFT: frozenset(
        {ReportStatus.COUNTING, ReportStatus.SENDING, ReportStatus.TO_UPLOAD}
    ),
    ReportStatus.SENDING: frozenset({ReportStatus.CONFIRMED, ReportStatus.REJECTED}),
    ReportStatus.TO_UPLOAD: frozenset({ReportStatus.CONFIRMED, ReportStatus.REPLACED}),
    ReportStatus.CONFIRMED: frozenset({ReportStatus.REPLACED}),
    ReportStatus.REJECTED: frozenset({ReportStatus.SENDING, ReportStatus.REPLACED}),
    ReportStatus.REPLACED: frozenset(),
}


class ClaimReason(TextChoices):
    """Why we claim the supply of a point of delivery."""

    SWITCH = "SWITCH", _("Change of supplier")
    MOVE_IN = "MOVE_IN", _("Move-in")
    REACTIVATION = "REACTIVATION", _("Reactivation")


class EndReason(TextChoices):
    """Why we end a supply: the list of eight of which the register wants one."""

    MOVE_OUT = "MOVE_OUT", _("Move-out")
    CUSTOMER = "CUSTOMER", _("Termination by the customer")
    SUPPLIER = "SUPPLIER", _("Termination by the supplier")
    NON_PAYMENT = "NON_PAYMENT", _("Termination for non-payment")
    EXPIRY = "EXPIRY", _("Expiry of the contract")
    AGREEMENT = "AGREEMENT", _("Agreement of both sides")
    FORCE_MAJEURE = "FORCE_MAJEURE", _("Force majeure")
    OTHER = "OTHER", _("Another reason of the contract")


class PeriodStatus(TextChoices):
    """How far the register has been told of a period of supply."""

    PLANNED = "PLANNED", _("To be claimed")
    CLAIMED = "CLAIMED", _("Claimed")
    CONFIRMED = "CONFIRMED", _("Supply confirmed")
    REJECTED = "REJECTED", _("Claim rejected")
    WITHDRAWING = "WITHDRAWING", _("Being taken back")
    WITHDRAWN = "WITHDRAWN", _("Taken back")
    ENDING = "ENDING", _("End announced")
    ENDED = "ENDED", _("Supply ended")
    LOST = "LOST", _("Lost to another supplier")


# The register's answer comes by its queue and may be here before our note that the message left.
PERIOD_TRANSITIONS: dict[str, frozenset[str]] = {
    PeriodStatus.PLANNED: frozenset(
        {
            PeriodStatus.CLAIMED,
            PeriodStatus.CONFIRMED,
            PeriodStatus.REJECTED,
            # never left the house
            PeriodStatus.WITHDRAWN,
        }
    ),
    PeriodStatus.CLAIMED: frozenset(
        {PeriodStatus.CONFIRMED, PeriodStatus.REJECTED, PeriodStatus.WITHDRAWN, PeriodStatus.LOST}
    ),
    PeriodStatus.CONFIRMED: frozenset(
        {
            PeriodStatus.WITHDRAWING,
            PeriodStatus.WITHDRAWN,
            PeriodStatus.ENDING,
            PeriodStatus.ENDED,
            PeriodStatus.LOST,
        }
    ),
    # Claimed again, or given up with its contract.
    PeriodStatus.REJECTED: frozenset({PeriodStatus.PLANNED, PeriodStatus.WITHDRAWN}),
    # The register may refuse to have a claim taken back.
    PeriodStatus.WITHDRAWING: frozenset(
        {PeriodStatus.WITHDRAWN, PeriodStatus.CONFIRMED, PeriodStatus.LOST}
    ),
    PeriodStatus.WITHDRAWN: frozenset(),
    PeriodStatus.ENDING: frozenset(
        {
            PeriodStatus.CONFIRMED,
            PeriodStatus.WITHDRAWING,
            PeriodStatus.ENDED,
            PeriodStatus.LOST,
        }
    ),
    PeriodStatus.ENDED: frozenset(),
    PeriodStatus.LOST: frozenset(),
}
LIVE_PERIOD = frozenset(
    {
        PeriodStatus.PLANNED,
        PeriodStatus.CLAIMED,
        PeriodStatus.CONFIRMED,
        PeriodStatus.REJECTED,
        PeriodStatus.WITHDRAWING,
        PeriodStatus.ENDING,
    }
)
"""States in which the contract's further life is still to be told."""

OURS_THERE = frozenset({PeriodStatus.CONFIRMED, PeriodStatus.ENDING, PeriodStatus.WITHDRAWING})
"""States in which the register has us as the supplier."""


class PlaceState(TextChoices):
    """How a point of delivery stands in the grid, as the register says."""

    CONNECTED = "CONNECTED", _("connected")
    INACTIVE = "INACTIVE", _("without a meter")
    DISCONNECTED = "DISCONNECTED", _("disconnected")
    DECOMMISSIONED = "DECOMMISSIONED", _("decommissioned")


class Direction(TextChoices):
    """Who says it."""

    OUT = "OUT", _("To the register")
    IN = "IN", _("From the register")


class MessageKind(TextChoices):
    """What a message says."""

    CLAIM = "CLAIM", _("Claim of the supply")
    WITHDRAWAL = "WITHDRAWAL", _("Claim taken back")
    NOTICE = "NOTICE", _("Advance notice of the end")
    NOTICE_BACK = "NOTICE_BACK", _("Advance notice taken back")
    END = "END", _("End of supply")
    CUT = "CUT", _("Disconnection for non-payment")
    RESTORE = "RESTORE", _("Reconnection")
    METER = "METER", _("Meter change")
    READING = "READING", _("Meter reading")
    CONFIRMED = "CONFIRMED", _("Claim confirmed")
    ACCEPTED = "ACCEPTED", _("Message accepted")
    REJECTED = "REJECTED", _("Message rejected")
    LOST = "LOST", _("Supply lost")
    PLACE = "PLACE", _("Point of delivery changed")
    PLACE_CUT = "PLACE_CUT", _("Point of delivery cut off or connected")
    VALUES = "VALUES", _("Measured values")
    OTHER = "OTHER", _("Unreadable message")


class MessageStatus(TextChoices):
    """What became of a message."""

    QUEUED = "QUEUED", _("To be sent")
    SENT = "SENT", _("Sent, answer awaited")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REJECTED = "REJECTED", _("Rejected")
    CANCELLED = "CANCELLED", _("Not sent")
    RECEIVED = "RECEIVED", _("Received")
    UNREADABLE = "UNREADABLE", _("Not understood")


UNANSWERED = frozenset({MessageStatus.QUEUED, MessageStatus.SENT})
MESSAGE_TRANSITIONS: dict[str, frozenset[str]] = {
    MessageStatus.QUEUED: frozenset(
        {
            MessageStatus.SENT,
            MessageStatus.ACCEPTED,
            MessageStatus.REJECTED,
            MessageStatus.CANCELLED,
        }
    ),
    # Cancelled by a person who has looked: the outcome stays unknown.
    MessageStatus.SENT: frozenset(
        {
            MessageStatus.QUEUED,
            MessageStatus.ACCEPTED,
            MessageStatus.REJECTED,
            MessageStatus.CANCELLED,
        }
    ),
    MessageStatus.ACCEPTED: frozenset(),
    MessageStatus.REJECTED: frozenset(),
    MessageStatus.CANCELLED: frozenset(),
    MessageStatus.RECEIVED: frozenset(),
    MessageStatus.UNREADABLE: frozenset(),
}


class TaskKind(TextChoices):
    """What a person has to do for the market."""

    CLAIM_REJECTED = "CLAIM_REJECTED", _("Claim rejected")
    MESSAGE_REJECTED = "MESSAGE_REJECTED", _("Message rejected")
    MESSAGE_STOPPED = "MESSAGE_STOPPED", _("Message stopped")
    SUPPLY_LOST = "SUPPLY_LOST", _("Supply lost")
    DIFFERS = "DIFFERS", _("The register has other dates")
    REASON_MISSING = "REASON_MISSING", _("Reason of the end is missing")
    PLACE_CUT = "PLACE_CUT", _("Point of delivery cut off")
    PLACE_CHANGED = "PLACE_CHANGED", _("Point of delivery differs")
    VALUES_REFUSED = "VALUES_REFUSED", _("Measured values not usable")
    UNREADABLE = "UNREADABLE", _("Message not understood")
    OVERDUE = "OVERDUE", _("Answer is overdue")


class TaskStatus(TextChoices):
    """Whether it is done."""

    OPEN = "OPEN", _("Open")
    DONE = "DONE", _("Done")


class DisconnectionStatus(TextChoices):
    """How far a disconnection for non-payment has come."""

    PLANNED = "PLANNED", _("Planned")
    ORDERED = "ORDERED", _("Ordered")
    CUT = "CUT", _("Disconnected")
    RESTORING = "RESTORING", _("Reconnection ordered")
    RESTORED = "RESTORED", _("Connected again")
    REJECTED = "REJECTED", _("Refused by the register")
    CANCELLED = "CANCELLED", _("Cancelled")


DISCONNECTION_TRANSITIONS: dict[str, frozenset[str]] = {
    DisconnectionStatus.PLANNED: frozenset(
        {DisconnectionStatus.ORDERED, DisconnectionStatus.CANCELLED}
    ),
    DisconnectionStatus.ORDERED: frozenset({DisconnectionStatus.CUT, DisconnectionStatus.REJECTED}),
    DisconnectionStatus.CUT: frozenset(
        {DisconnectionStatus.RESTORING, DisconnectionStatus.RESTORED}
    ),
    DisconnectionStatus.RESTORING: frozenset(
        {DisconnectionStatus.RESTORED, DisconnectionStatus.CUT}
    ),
    DisconnectionStatus.RESTORED: frozenset(),
    DisconnectionStatus.REJECTED: frozenset(),
    DisconnectionStatus.CANCELLED: frozenset(),
}
OPEN_DISCONNECTION = frozenset(
    {
        DisconnectionStatus.PLANNED,
        DisconnectionStatus.ORDERED,
        DisconnectionStatus.CUT,
        DisconnectionStatus.RESTORING,
    }
)
