"""What can be found, and what it can be found by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryKind(models.TextChoices):
    """What an entry of the index stands for."""

    ACCOUNT = "ACCOUNT", _("Account")
    PREMISE = "PREMISE", _("Premise")


class IdentifierKind(models.TextChoices):
    """Numbers and addresses that are compared as a whole, character by character."""

    ACCOUNT_NUMBER = "ACCOUNT_NUMBER", _("Account number")
    ERP_PARTNER = "ERP_PARTNER", _("Business partner in the ERP")
    AGREEMENT_NUMBER = "AGREEMENT_NUMBER", _("Business agreement")
    ERP_AGREEMENT = "ERP_AGREEMENT", _("Contract account in the ERP")
    CONTRACT_NUMBER = "CONTRACT_NUMBER", _("Contract number")
    PHONE = "PHONE", _("Telephone number")
    EMAIL = "EMAIL", _("E-mail address")
    TAX_ID = "TAX_ID", _("Tax number")
    POD = "POD", _("Point of delivery")
    METER = "METER", _("Meter number")


class WordField(models.TextChoices):
    """Where in an entry a word stands."""

    NAME = "NAME", _("Name")
    ORGANISATION = "ORGANISATION", _("Organisation")
    STREET = "STREET", _("Street")
    HOUSE = "HOUSE", _("House number")
    POSTCODE = "POSTCODE", _("Postcode")
    TOWN = "TOWN", _("Town")
    BIRTH_DATE = "BIRTH_DATE", _("Date of birth")


class Likeness(models.TextChoices):
    """How sure it is that somebody exists already."""

    CERTAIN = "CERTAIN", _("The same")
    LIKELY = "LIKELY", _("Probably the same")
    POSSIBLE = "POSSIBLE", _("Possibly the same")
