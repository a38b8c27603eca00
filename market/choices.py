"""Closed lists of the market: languages of registers, reasons, and states of what was told."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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

    DRAFT = "DRAFT", _("Draft")
    SENDING = "SENDING", _("On its way")
    TO_UPLOAD = "TO_UPLOAD", _("To be uploaded")
    CONFIRMED = "CONFIRMED", _("Taken by the supplier")
    REJECTED = "REJECTED", _("Refused by the supplier")
    REPLACED = "REPLACED", _("Replaced by a correction")


REPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ReportStatus.DRAFT: frozenset({ReportStatus.SENDING, ReportStatus.TO_UPLOAD}),
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
