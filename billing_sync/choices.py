"""Kinds of messages to the ERP, kinds of objects it keeps, and states of a download."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ERP = "erp"
"""Destination of commands to the ERP."""

PLANNING = "erp-planning"
"""Local destination that decides which commands an event causes."""

DOWNLOAD = "erp-download"
"""Destination of page requests of the initial download."""


class MessageKind(models.TextChoices):
    """Commands to the ERP."""

    PARTNER_CREATE = "partner-create", _("Create business partner")
    PARTNER_CHANGE = "partner-change", _("Change business partner")
    AGREEMENT_CREATE = "agreement-create", _("Create business agreement")
    AGREEMENT_CHANGE = "agreement-change", _("Change business agreement")
    CONNECTION_OBJECT_CREATE = "connection-object-create", _("Create connection object")
    POD_CREATE = "pod-create", _("Create point of delivery")
    CONTRACT_CREATE = "contract-create", _("Create contract")


class ObjectType(models.TextChoices):
    """Objects of the initial download, by the ERP's codes, in the order of their dependence."""

    BUSINESS_PARTNER = "BUSINESS_PARTNER", _("Business partners")
    CONTRACT_ACCOUNT = "CONTRACT_ACCOUNT", _("Business agreements")
    CONNECTION_OBJECT = "CONNECTION_OBJECT", _("Connection objects")
    PREMISE = "PREMISE", _("Premises")
    POINT_OF_DELIVERY = "POINT_OF_DELIVERY", _("Points of delivery")
    DEVICE_INFO_RECORD = "DEVICE_INFO_RECORD", _("Device info records")
    DEVICE = "DEVICE", _("Devices")
    CONTRACT = "CONTRACT", _("Contracts")
    FINANCIAL = "FINANCIAL", _("Balances, bills and dunning")
    # not the ERP's: our search index, brought up to date when everything is here
    SEARCH_ACCOUNTS = "SEARCH_ACCOUNTS", _("Search index of accounts")
    SEARCH_PREMISES = "SEARCH_PREMISES", _("Search index of premises")


STAGES: tuple[tuple[tuple[ObjectType, ...], ...], ...] = (
    (
        (ObjectType.BUSINESS_PARTNER, ObjectType.CONTRACT_ACCOUNT, ObjectType.FINANCIAL),
        (
            ObjectType.CONNECTION_OBJECT,
            ObjectType.PREMISE,
            ObjectType.POINT_OF_DELIVERY,
        ),
    ),
    ((ObjectType.CONTRACT,), (ObjectType.DEVICE_INFO_RECORD, ObjectType.DEVICE)),
    ((ObjectType.SEARCH_ACCOUNTS,), (ObjectType.SEARCH_PREMISES,)),
)
"""
The order of a download. The types of a chain depend on each other and come one after the other; the
chains of a stage have nothing to do with each other and run side by side; a stage waits for the one
before it.
"""

SEARCH_TYPES = frozenset({ObjectType.SEARCH_ACCOUNTS, ObjectType.SEARCH_PREMISES})


class DownloadStatus(models.TextChoices):
    """Where a download stands."""

    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    CANCELLED = "CANCELLED", _("Cancelled")


DOWNLOAD_TRANSITIONS: dict[str, frozenset[str]] = {
    DownloadStatus.RUNNING: frozenset({DownloadStatus.DONE, DownloadStatus.CANCELLED}),
    DownloadStatus.DONE: frozenset(),
    DownloadStatus.CANCELLED: frozenset(),
}


class RejectStatus(models.TextChoices):
    """Whether a rejected object still waits for a person."""

    OPEN = "OPEN", _("Open")
    RESOLVED = "RESOLVED", _("Loaded since")


class BillStatus(models.TextChoices):
    """Whether a bill is paid, as the ERP says."""

    PAID = "PAID", _("Paid")
    OPEN = "OPEN", _("Open")
    OVERDUE = "OVERDUE", _("Overdue")
