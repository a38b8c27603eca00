"""Closed lists of service: kinds, states and steps of cases, clocks, promises."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class CaseKind(TextChoices):
    """What the customer wants of us, in the regulator's terms."""

    INQUIRY = "INQUIRY", _("Inquiry")
    COMPLAINT = "COMPLAINT", _("Complaint")
    DISPUTE = "DISPUTE", _("Dispute")
    REQUEST = "REQUEST", _("Request")


class ClockUnit(TextChoices):
    """What a clock counts; days are days of the tenant's calendar."""

    DAY = "DAY", _("days")
    WORKING_DAY = "WORKING_DAY", _("working days")
    WEEK = "WEEK", _("weeks")


class Channel(TextChoices):
    """How it reached us."""

    PHONE = "PHONE", _("Phone")
    EMAIL = "EMAIL", _("E-mail")
    CHAT = "CHAT", _("Chat")
    WEB_FORM = "WEB_FORM", _("Web form")
    LETTER = "LETTER", _("Letter")
    VISIT = "VISIT", _("Visit")


class CaseStatus(TextChoices):
    """Where a case stands."""

    RECEIVED = "RECEIVED", _("Received")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")
    WAITING = "WAITING", _("Waiting for the customer")
    ANSWERED = "ANSWERED", _("Answered")
    CLOSED = "CLOSED", _("Closed")
    REOPENED = "REOPENED", _("Reopened")
    DEADLOCK = "DEADLOCK", _("Deadlock")


CASE_TRANSITIONS: dict[str, frozenset[str]] = {
    CaseStatus.RECEIVED: frozenset(
        {
            CaseStatus.IN_PROGRESS,
            CaseStatus.WAITING,
            CaseStatus.ANSWERED,
            CaseStatus.CLOSED,
            CaseStatus.DEADLOCK,
        }
    ),
    CaseStatus.IN_PROGRESS: frozenset(
        {CaseStatus.WAITING, CaseStatus.ANSWERED, CaseStatus.CLOSED, CaseStatus.DEADLOCK}
    ),
    CaseStatus.WAITING: frozenset(
        {CaseStatus.IN_PROGRESS, CaseStatus.ANSWERED, CaseStatus.CLOSED, CaseStatus.DEADLOCK}
    ),
    CaseStatus.ANSWERED: frozenset({CaseStatus.CLOSED, CaseStatus.REOPENED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.REOPENED}),
    CaseStatus.REOPENED: frozenset(
        {
            CaseStatus.IN_PROGRESS,
            CaseStatus.WAITING,
            CaseStatus.ANSWERED,
            CaseStatus.CLOSED,
            CaseStatus.DEADLOCK,
        }
    ),
    # The ombudsman may be asked now; an answer of ours is still welcome.
    CaseStatus.DEADLOCK: frozenset({CaseStatus.ANSWERED, CaseStatus.CLOSED}),
}

UNANSWERED = frozenset(
    {CaseStatus.RECEIVED, CaseStatus.IN_PROGRESS, CaseStatus.WAITING, CaseStatus.REOPENED}
)
"""States in which the clock matters: the customer has no answer yet."""

OPEN = UNANSWERED | {CaseStatus.ANSWERED, CaseStatus.DEADLOCK}
"""States in which somebody may still act."""


class Outcome(TextChoices):
    """What the answer says of the customer's wish."""

    UPHELD = "UPHELD", _("Upheld")
    PARTLY_UPHELD = "PARTLY_UPHELD", _("Partly upheld")
    NOT_UPHELD = "NOT_UPHELD", _("Not upheld")
    INFORMED = "INFORMED", _("Information given")
    TAKEN_BACK = "TAKEN_BACK", _("Taken back by the customer")


class StepKind(TextChoices):
    """What happened to a case."""

    OPENED = "OPENED", _("Case opened")
    ACKNOWLEDGED = "ACKNOWLEDGED", _("Receipt sent")
    ASSIGNED = "ASSIGNED", _("Given to somebody")
    NOTED = "NOTED", _("Note")
    WAITING = "WAITING", _("Waiting for the customer")
    RESUMED = "RESUMED", _("The customer has answered")
    RECLASSIFIED = "RECLASSIFIED", _("Put into another class")
    ESCALATED = "ESCALATED", _("Escalated")
    ANSWERED = "ANSWERED", _("Answered")
    CLOSED = "CLOSED", _("Closed")
    REOPENED = "REOPENED", _("Reopened")
    DEADLOCK = "DEADLOCK", _("Deadlock letter sent")
    LETTER_BLOCKED = "LETTER_BLOCKED", _("A letter could not be written")
    COMPENSATION_PROPOSED = "COMPENSATION_PROPOSED", _("Compensation proposed")
    COMPENSATION_DECIDED = "COMPENSATION_DECIDED", _("Compensation decided")
    CONTINUED = "CONTINUED", _("Follow-up case opened")


class EscalationLevel(IntegerChoices):
    """How far up a case has been passed."""

    NONE = 0, "–"
    SUPERVISOR = 1, _("Supervisor")
    MANAGER = 2, _("Manager")


class Compensation(TextChoices):
    """What became of money proposed for a breach of ours."""

    NONE = "", "–"
    PROPOSED = "PROPOSED", _("Proposed")
    GRANTED = "GRANTED", _("Granted")
    DECLINED = "DECLINED", _("Declined")


class LetterPurpose(TextChoices):
    """What a letter about a case is."""

    RECEIPT = "RECEIPT", _("Receipt")
    ANSWER = "ANSWER", _("Answer")
    DEADLOCK = "DEADLOCK", _("Deadlock letter")


class Part(TextChoices):
    """
    Content that a letter can be bound to have: the placeholder of the same name, filled.

    Great Britain: the Gas and Electricity (Consumer Complaints Handling Standards) Regulations
    2008, regulations 4 to 6. Germany: § 111a EnWG. Spain: art. 46 Ley 24/2013.
    """

    NUMBER = "number", _("Number of the case")
    RECEIVED_ON = "received_on", _("Day of receipt")
    ANSWER_BY = "answer_by", _("Day by which we answer")
    DECISION = "decision", _("What we decided")
    REASONS = "reasons", _("Why we decided so")
    REDRESS = "redress", _("What we do about it")
    CONTACT = "contact", _("How to reach us")
    OMBUDSMAN = "ombudsman", _("Body for the settlement of disputes")
    OMBUDSMAN_FREE = "ombudsman_free", _("That it is free and independent of us")
    OMBUDSMAN_POWERS = "ombudsman_powers", _("What it can make us do")


class PromiseKind(TextChoices):
    """What was promised."""

    CALL_BACK = "CALL_BACK", _("Call back")
    REFUND = "REFUND", _("Refund")
    VISIT = "VISIT", _("Visit")
    LETTER = "LETTER", _("Letter")
    OTHER = "OTHER", _("Something else")


class PromiseStatus(TextChoices):
    """What became of a promise."""

    OPEN = "OPEN", _("Open")
    KEPT = "KEPT", _("Kept in time")
    BROKEN = "BROKEN", _("Broken")
    KEPT_LATE = "KEPT_LATE", _("Kept late")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


PROMISE_TRANSITIONS: dict[str, frozenset[str]] = {
    PromiseStatus.OPEN: frozenset(
        {PromiseStatus.KEPT, PromiseStatus.BROKEN, PromiseStatus.WITHDRAWN}
    ),
    PromiseStatus.KEPT: frozenset(),
    # What was promised is still owed; that it came late stays in the figures.
    PromiseStatus.BROKEN: frozenset({PromiseStatus.KEPT_LATE}),
    PromiseStatus.KEPT_LATE: frozenset(),
    PromiseStatus.WITHDRAWN: frozenset(),
}
OWED = frozenset({PromiseStatus.OPEN, PromiseStatus.BROKEN})
"""States in which the customer still waits for it."""
