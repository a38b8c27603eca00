"""Closed lists of the accounts app. Segments are access's, because they decide who sees a row."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """What a business partner is."""

    PERSON = "PERSON", _("Person")
    ORGANISATION = "ORGANISATION", _("Organisation")


class Title(models.TextChoices):
    """How a person wants to be addressed; left empty when they do not say."""

    MR = "MR", _("Mr")
    MRS = "MRS", _("Mrs")
    MS = "MS", _("Ms")
    MX = "MX", _("Mx")
    DR = "DR", _("Dr")


class ContactKind(models.TextChoices):
    """How a contact point reaches somebody."""

    MOBILE = "MOBILE", _("Mobile")
    PHONE = "PHONE", _("Phone")
    EMAIL = "EMAIL", _("E-mail")


class PaymentMethod(models.TextChoices):
    """How the bills of an agreement are paid."""

    DIRECT_DEBIT = "DIRECT_DEBIT", _("Direct debit")
    TRANSFER = "TRANSFER", _("Bank transfer")
    CARD = "CARD", _("Card")
    COUNTER = "COUNTER", _("At the counter")


class InvoiceDelivery(models.TextChoices):
    """How the bills of an agreement reach the customer."""

    EMAIL = "EMAIL", _("E-mail")
    PAPER = "PAPER", _("Paper")
    PORTAL = "PORTAL", _("Customer portal")


class Source(models.TextChoices):
    """Where a record was made first."""

    CRM = "CRM", _("UtilCRM")
    ERP = "ERP", _("ERP")
    IMPORT = "IMPORT", _("Another system")


class DunningProcedure(models.TextChoices):
    """The ladder of reminders that an overdue agreement climbs in the ERP."""

    STANDARD = "STANDARD", _("Standard")
    SOCIAL = "SOCIAL", _("Social tariff")
    CORPORATE = "CORPORATE", _("Corporate")
    NONE = "NONE", _("No dunning")


class VulnerabilityKind(models.TextChoices):
    """Why a customer's supply must not be cut; coarse, for nobody's diagnosis is kept."""

    MEDICAL = "MEDICAL", _("Depends on energy for medical reasons")
    SOCIAL = "SOCIAL", _("Protected for social reasons")
    HOUSEHOLD = "HOUSEHOLD", _("Children, elderly or disabled persons in the household")


class AttributeKind(models.TextChoices):
    """What a marketing attribute's value looks like."""

    CHOICE = "CHOICE", _("One of several")
    YES_NO = "YES_NO", _("Yes or no")
    TEXT = "TEXT", _("Free words")
