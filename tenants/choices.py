"""What a tenant may be set to."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContractModel(TextChoices):
    """How many contract items one point of delivery has."""

    SINGLE = "SINGLE", _("Single: one item for supply, grid fee included")
    DUAL = "DUAL", _("Dual: supply and grid usage as two items")


class DeviceMode(TextChoices):
    """How much the CRM knows of meters."""

    INFO_RECORD = "INFO_RECORD", _("Device info records only (retail outside the own grid)")
    DEVICE = "DEVICE", _("Installed devices (retention in the own grid)")


class Market(TextChoices):
    """The country whose market rules hold: identifiers, addresses, taxes."""

    GB = "GB", _("Great Britain")
    DE = "DE", _("Germany")
    ES = "ES", _("Spain")
    DK = "DK", _("Denmark")
