"""Closed lists of the devices app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rate(models.TextChoices):
    """How many time-of-use registers a meter counts with."""

    SINGLE = "SINGLE", _("Single rate")
    DOUBLE = "DOUBLE", _("Day and night")


class RateType(models.TextChoices):
    """The hours in which a register counts."""

    ALL_DAY = "ALL_DAY", _("All day")
    DAY = "DAY", _("Day")
    NIGHT = "NIGHT", _("Night")


class Unit(models.TextChoices):
    """What a register counts."""

    KWH = "KWH", _("kWh")
    M3 = "M3", _("m³")


class ReadingReason(models.TextChoices):
    """Why a meter was read."""

    MOVE_IN = "MOVE_IN", _("Move-in")
    MOVE_OUT = "MOVE_OUT", _("Move-out")
    PERIODIC = "PERIODIC", _("Periodic")
    INTERIM = "INTERIM", _("Interim")
    REMOVAL = "REMOVAL", _("Removal of the meter")
    INSTALLATION = "INSTALLATION", _("Installation of the meter")


class ReadingSource(models.TextChoices):
    """Who read the meter."""

    CUSTOMER = "CUSTOMER", _("Customer")
    AGENT = "AGENT", _("Agent")
    DISTRIBUTOR = "DISTRIBUTOR", _("Distributor")
    ERP = "ERP", _("ERP")
    ESTIMATE = "ESTIMATE", _("Estimate")


class ReadingStatus(models.TextChoices):
    """How far a reading may be trusted."""

    PLAUSIBLE = "PLAUSIBLE", _("Plausible")
    TO_CHECK = "TO_CHECK", _("To be checked")
    REJECTED = "REJECTED", _("Rejected")


class RecordSource(models.TextChoices):
    """Where a device info record was made first."""

    CRM = "CRM", _("UtilCRM")
    ERP = "ERP", _("ERP")


class ReportStatus(models.TextChoices):
    """How far reported readings have come."""

    QUEUED = "QUEUED", _("Waits for the ERP")
    SENT = "SENT", _("With the ERP")
    CONFIRMED = "CONFIRMED", _("Taken up by the ERP")
    REFUSED = "REFUSED", _("Refused by the ERP")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


# The ERP's answer may be here before our own note that the message was sent.
REPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ReportStatus.QUEUED: frozenset(
        {ReportStatus.SENT, ReportStatus.CONFIRMED, ReportStatus.REFUSED}
    ),
    ReportStatus.SENT: frozenset({ReportStatus.CONFIRMED, ReportStatus.REFUSED}),
    ReportStatus.REFUSED: frozenset({ReportStatus.QUEUED, ReportStatus.WITHDRAWN}),
    ReportStatus.CONFIRMED: frozenset(),
    ReportStatus.WITHDRAWN: frozenset(),
}


class ReadingFinding(models.TextChoices):
    """What is odd about a value."""

    LOWER = "LOWER", _("Lower than the last reading")
    TOO_HIGH = "TOO_HIGH", _("More than expected")
    TOO_LOW = "TOO_LOW", _("Less than expected")


class ReadingAnswer(models.TextChoices):
    """Why an odd value is right all the same."""

    ROLLOVER = "ROLLOVER", _("The counter has started again from zero")
    NEW_METER = "NEW_METER", _("Another meter hangs there now")
    PHOTO = "PHOTO", _("A photo of the meter shows it")
    READ_AGAIN = "READ_AGAIN", _("It was read again")


class DeviceOrderKind(models.TextChoices):
    """What is done to a device; the technical installation comes before the billing-related one."""

    INSTALL = "INSTALL", _("Install a device, with billing")
    INSTALL_TECHNICALLY = "INSTALL_TECHNICALLY", _("Install a device, technically only")
    INSTALL_FOR_BILLING = "INSTALL_FOR_BILLING", _("Bill an installed device")
    REMOVE = "REMOVE", _("Remove a device")
    REPLACE = "REPLACE", _("Replace a device")


class DeviceOrderStatus(models.TextChoices):
    """How far an order to the ERP has come."""

    DRAFT = "DRAFT", _("Draft")
    QUEUED = "QUEUED", _("Waits for the ERP")
    SENT = "SENT", _("With the ERP")
    CONFIRMED = "CONFIRMED", _("Done in the ERP")
    REJECTED = "REJECTED", _("Refused by the ERP")
    CANCELLED = "CANCELLED", _("Cancelled")


# The ERP's answer may be here before our own note that the message was sent.
DEVICE_ORDER_TRANSITIONS: dict[str, frozenset[str]] = {
    DeviceOrderStatus.DRAFT: frozenset({DeviceOrderStatus.QUEUED, DeviceOrderStatus.CANCELLED}),
    DeviceOrderStatus.QUEUED: frozenset(
        {DeviceOrderStatus.SENT, DeviceOrderStatus.CONFIRMED, DeviceOrderStatus.REJECTED}
    ),
    DeviceOrderStatus.SENT: frozenset({DeviceOrderStatus.CONFIRMED, DeviceOrderStatus.REJECTED}),
    DeviceOrderStatus.REJECTED: frozenset({DeviceOrderStatus.QUEUED, DeviceOrderStatus.CANCELLED}),
    DeviceOrderStatus.CONFIRMED: frozenset(),
    DeviceOrderStatus.CANCELLED: frozenset(),
}
UNDER_WAY = (DeviceOrderStatus.QUEUED, DeviceOrderStatus.SENT)
OPEN_ORDERS = (DeviceOrderStatus.DRAFT, *UNDER_WAY, DeviceOrderStatus.REJECTED)
