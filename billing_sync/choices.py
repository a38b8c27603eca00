"""Kinds of messages to the ERP, kinds of objects it keeps, and states of a download."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ERP = "erp"
"""Destination of commands to the ERP."""

PLANNING = "erp-planning"
"""Local destination that decides which commands an event causes."""

DOWNLOAD = "erp-download"
"""Destination of page requests of the initial download."""

INVOICES = "erp-invoices"
"""Destination of page requests of an invoicing run."""

LETTERS = "invoice-letters"
"""Destination that writes the mails for a batch of invoices, some hundreds at a time."""

ARCHIVE = "archive"
"""No destination of messages: its circuit says whether the archive of invoices answers."""

INVOICE_MAIL = "invoice-mail"
"""Destination of those mails: as `mail`, but no link to sign waits behind a million of them."""


class MessageKind(models.TextChoices):
    """Commands to the ERP."""

    PARTNER_CREATE = "partner-create", _("Create business partner")
    PARTNER_CHANGE = "partner-change", _("Change business partner")
    AGREEMENT_CREATE = "agreement-create", _("Create business agreement")
    AGREEMENT_CHANGE = "agreement-change", _("Change business agreement")
    CONNECTION_OBJECT_CREATE = "connection-object-create", _("Create connection object")
    POD_CREATE = "pod-create", _("Create point of delivery")
    CONTRACT_CREATE = "contract-create", _("Create contract")
    READING_CREATE = "reading-create", _("Report meter readings")
    BUDGET_CHANGE = "budget-change", _("Change budget billing plan")
    ARRANGEMENT = "payment-arrangement", _("Arrange a payment")
    CONTRACT_CHANGE = "contract-change", _("Change contract")
    CONTRACT_CORRECT = "contract-correct", _("Correct contract")
    DEVICE_ORDER = "device-order", _("Order a device change")


class ObjectType(models.TextChoices):
    """Objects of the initial download, by the ERP's codes, in the order of their dependence."""

    BUSINESS_PARTNER = "BUSINESS_PARTNER", _("Business partners")
    CONTRACT_ACCOUNT = "CONTRACT_ACCOUNT", _("Business agreements")
    CONNECTION_OBJECT = "CONNECTION_OBJECT", _("Connection objects")
    PREMISE = "PREMISE", _("Premises")
    POINT_OF_DELIVERY = "POINT_OF_DELIVERY", _("Points of delivery")
    DEVICE_INFO_RECORD = "DEVICE_INFO_RECORD", _("Device info records")
    INSTALLATION = "INSTALLATION", _("Installations")
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
            ObjectType.DEVICE_INFO_RECORD,
            ObjectType.INSTALLATION,
            ObjectType.DEVICE,
        ),
    ),
    ((ObjectType.CONTRACT,),),
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


class FieldOwner(models.TextChoices):
    """Whose word counts for a field."""

    CRM = "CRM", _("CRM")
    ERP = "ERP", _("ERP")


class ConflictStatus(models.TextChoices):
    """What came of a field that both sides changed."""

    OPEN = "OPEN", _("Open")
    OURS = "OURS", _("The CRM's value was taken")
    THEIRS = "THEIRS", _("The ERP's value was taken")
    OBSOLETE = "OBSOLETE", _("Both agree again")


CONFLICT_TRANSITIONS: dict[str, frozenset[str]] = {
    ConflictStatus.OPEN: frozenset(
        {ConflictStatus.OURS, ConflictStatus.THEIRS, ConflictStatus.OBSOLETE}
    ),
    ConflictStatus.OURS: frozenset(),
    ConflictStatus.THEIRS: frozenset(),
    ConflictStatus.OBSOLETE: frozenset(),
}


class ComparisonStatus(models.TextChoices):
    """Where a comparison of both books stands."""

    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Broken off")


COMPARISON_TRANSITIONS: dict[str, frozenset[str]] = {
    ComparisonStatus.RUNNING: frozenset({ComparisonStatus.DONE, ComparisonStatus.FAILED}),
    ComparisonStatus.DONE: frozenset(),
    ComparisonStatus.FAILED: frozenset(),
}


class DifferenceKind(models.TextChoices):
    """In what both books differ."""

    MISSING_HERE = "MISSING_HERE", _("Missing here")
    MISSING_THERE = "MISSING_THERE", _("Missing in the ERP")
    DATES = "DATES", _("Other dates")
    PRODUCT = "PRODUCT", _("Other product")
    DEVICE = "DEVICE", _("Other device")
    PARTNER = "PARTNER", _("Other partner data")
    SITE = "SITE", _("Other place")


class DifferenceStatus(models.TextChoices):
    """What was done about a difference."""

    OPEN = "OPEN", _("Open")
    FETCHED = "FETCHED", _("Fetched from the ERP")
    SENT = "SENT", _("Sent to the ERP")
    CONFLICT = "CONFLICT", _("Opened as a conflict")
    GONE = "GONE", _("No longer there")


DIFFERENCE_TRANSITIONS: dict[str, frozenset[str]] = {
    DifferenceStatus.OPEN: frozenset(
        {
            DifferenceStatus.FETCHED,
            DifferenceStatus.SENT,
            DifferenceStatus.CONFLICT,
            DifferenceStatus.GONE,
        }
    ),
    DifferenceStatus.FETCHED: frozenset(),
    DifferenceStatus.SENT: frozenset(),
    DifferenceStatus.CONFLICT: frozenset(),
    DifferenceStatus.GONE: frozenset(),
}

DEFAULT_OWNERS: dict[str, dict[str, str]] = {
    ObjectType.BUSINESS_PARTNER: dict.fromkeys(
        (
            "title", "first_name", "last_name", "organisation_name", "birth_date", "tax_id",
            "language", "street", "house_number", "flat", "postcode", "town",
        ),
        FieldOwner.CRM,
    ),
    ObjectType.CONTRACT_ACCOUNT: {
        "payment_method": FieldOwner.CRM,
        "iban": FieldOwner.CRM,
        "account_holder": FieldOwner.CRM,
        "bank_name": FieldOwner.CRM,
        "invoice_delivery": FieldOwner.CRM,
        "language": FieldOwner.CRM,
        "dunning_procedure": FieldOwner.ERP,
        "budget_billing": FieldOwner.ERP,
    },
    ObjectType.CONTRACT: {
        "ends_on": FieldOwner.ERP,
        "product_name": FieldOwner.CRM,
        "expected_annual_kwh": FieldOwner.ERP,
    },
}  # fmt: skip
"""Fields that both sides may change, and whose word counts unless the tenant says otherwise."""


class WishStatus(models.TextChoices):
    """How far a wish about payments has come: other instalments, paying later, paying in parts."""

    QUEUED = "QUEUED", _("Waits for the ERP")
    SENT = "SENT", _("With the ERP")
    CONFIRMED = "CONFIRMED", _("Confirmed by the ERP")
    REFUSED = "REFUSED", _("Refused by the ERP")
    REPLACED = "REPLACED", _("Replaced by another")


# The ERP's answer may be here before our own note that the message was sent.
WISH_TRANSITIONS: dict[str, frozenset[str]] = {
    WishStatus.QUEUED: frozenset({WishStatus.SENT, WishStatus.CONFIRMED, WishStatus.REFUSED}),
    WishStatus.SENT: frozenset({WishStatus.CONFIRMED, WishStatus.REFUSED}),
    WishStatus.REFUSED: frozenset({WishStatus.REPLACED}),
    WishStatus.CONFIRMED: frozenset(),
    WishStatus.REPLACED: frozenset(),
}


class BillLineKind(models.TextChoices):
    """What a line of a bill is for, by the ERP's codes."""

    STANDING_CHARGE = "STANDING_CHARGE", _("Standing charge")
    ENERGY = "ENERGY", _("Energy")
    TAX = "TAX", _("Tax")
    OTHER = "OTHER", _("Other")


class ArrangementKind(models.TextChoices):
    """How what is owed is paid, by the ERP's codes: later, in parts, or out of the bank account."""

    DEFERRAL = "DEFERRAL", _("Deferral")
    INSTALMENT_PLAN = "INSTALMENT_PLAN", _("Plan of instalments")
    DIRECT_DEBIT = "DIRECT_DEBIT", _("Payment by direct debit")


class InvoiceRunKind(models.TextChoices):
    """Why the ERP made invoices."""

    REGULAR = "REGULAR", _("Monthly run")
    CORRECTION = "CORRECTION", _("Corrections")
    HISTORY = "HISTORY", _("Earlier invoices")


class InvoiceRunStatus(models.TextChoices):
    """Whether the list of a run is here."""

    LOADING = "LOADING", _("Being read")
    LOADED = "LOADED", _("Read")


INVOICE_RUN_TRANSITIONS: dict[str, frozenset[str]] = {
    InvoiceRunStatus.LOADING: frozenset({InvoiceRunStatus.LOADED}),
    InvoiceRunStatus.LOADED: frozenset({InvoiceRunStatus.LOADING}),
}


class InvoiceRejectReason(models.TextChoices):
    """Why a line of the print company's, or of the ERP's, was not taken."""

    UNKNOWN_INVOICE = "UNKNOWN_INVOICE", _("No invoice of this number is in the month's runs")
    TOKEN_USED = "TOKEN_USED", _("The token belongs to another invoice")
    TOKEN_TWICE = "TOKEN_TWICE", _("The batch gives one token to two invoices")
    INVOICE_TWICE = "INVOICE_TWICE", _("The batch gives two tokens to one invoice")
    HAS_TOKEN = "HAS_TOKEN", _("The invoice has a token, and this one is no replacement")
    UNREADABLE = "UNREADABLE", _("The ERP's line cannot be read")


class InvoiceRejectStatus(models.TextChoices):
    """Whether a reject still waits for a person."""

    OPEN = "OPEN", _("Open")
    TAKEN = "TAKEN", _("Taken since")
    SET_ASIDE = "SET_ASIDE", _("Set aside")
