"""Closed lists of the quotations app, and which state may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuotationStatus(models.TextChoices):
    """How far an offer has come."""

    DRAFT = "DRAFT", _("Draft")
    AWAITING_APPROVAL = "AWAITING_APPROVAL", _("Awaiting approval")
    SENT = "SENT", _("Sent")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REJECTED = "REJECTED", _("Rejected")
    EXPIRED = "EXPIRED", _("Expired")


QUOTATION_TRANSITIONS: dict[str, frozenset[str]] = {
    QuotationStatus.DRAFT: frozenset(
        {QuotationStatus.AWAITING_APPROVAL, QuotationStatus.SENT, QuotationStatus.REJECTED}
    ),
    QuotationStatus.AWAITING_APPROVAL: frozenset({QuotationStatus.DRAFT, QuotationStatus.REJECTED}),
    # A sent offer binds the utility: it can be answered or run out, but not be taken back.
    QuotationStatus.SENT: frozenset(
        {QuotationStatus.ACCEPTED, QuotationStatus.REJECTED, QuotationStatus.EXPIRED}
    ),
    QuotationStatus.ACCEPTED: frozenset(),
    QuotationStatus.REJECTED: frozenset(),
    QuotationStatus.EXPIRED: frozenset(),
}

OPEN_STATUSES = (
    QuotationStatus.DRAFT,
    QuotationStatus.AWAITING_APPROVAL,
    QuotationStatus.SENT,
)


class Channel(models.TextChoices):
    """How an offer is brought to the customer."""

    EMAIL = "EMAIL", _("By e-mail")
    PHONE = "PHONE", _("On the phone")


class RejectReason(models.TextChoices):
    """Why a customer does not take the offer; the win/loss report counts these."""

    PRICE = "PRICE", _("Too expensive")
    TERM = "TERM", _("Term too long")
    COMPETITOR = "COMPETITOR", _("Went to a competitor")
    STAYS = "STAYS", _("Stays with the present supplier")
    MOVED = "MOVED", _("No longer moves there")
    NO_ANSWER = "NO_ANSWER", _("Could not be reached again")
    MISTAKE = "MISTAKE", _("Drawn up by mistake")
    OTHER = "OTHER", _("Other")


class ConsumptionSource(models.TextChoices):
    """What the expected consumption rests on."""

    STATED = "STATED", _("Known from a bill")
    PERSONS = "PERSONS", _("Persons in the household")
    FLOOR_AREA = "FLOOR_AREA", _("Floor area")
    DWELLING = "DWELLING", _("Kind of home")


class ApprovalStatus(models.TextChoices):
    """The answer to a request for a discount above the role's limit."""

    PENDING = "PENDING", _("Waiting for a decision")
    GRANTED = "GRANTED", _("Granted")
    REFUSED = "REFUSED", _("Refused")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


APPROVAL_TRANSITIONS: dict[str, frozenset[str]] = {
    ApprovalStatus.PENDING: frozenset(
        {ApprovalStatus.GRANTED, ApprovalStatus.REFUSED, ApprovalStatus.WITHDRAWN}
    ),
    # A granted discount falls when the offer it was granted for is changed.
    ApprovalStatus.GRANTED: frozenset({ApprovalStatus.WITHDRAWN}),
    ApprovalStatus.REFUSED: frozenset(),
    ApprovalStatus.WITHDRAWN: frozenset(),
}
