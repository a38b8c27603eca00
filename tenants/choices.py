"""What a tenant may be set to."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContractModel(TextChoices):
    """How many contract items one point of delivery has."""

    SINGLE = "SINGLE", _("Single: one item for supply, grid fee included")
    DUAL = "DUAL", _("Dual: supply and grid usage as two items")


class ItemRole(TextChoices):
    """What one item of a quotation or contract is about, at one point of delivery."""

    SUPPLY = "SUPPLY", _("Supply")
    GRID_USAGE = "GRID_USAGE", _("Grid usage")


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


class Purpose(TextChoices):
    """What a tenant is for; only one that is not live may have its outside world disturbed."""

    LIVE = "LIVE", _("Live")
    TRAINING = "TRAINING", _("Training")
    DEMO = "DEMO", _("Demo")


class OrderStatus(TextChoices):
    """How far the making of a tenant has come."""

    ORDERED = "ORDERED", _("Ordered")
    MAKING = "MAKING", _("Being made")
    MADE = "MADE", _("Made")
    FAILED = "FAILED", _("Failed")


ORDER_TRANSITIONS: dict[str, frozenset[str]] = {
    OrderStatus.ORDERED: frozenset({OrderStatus.MAKING}),
    # Its maker may have died on the way: another takes it up again.
    OrderStatus.MAKING: frozenset({OrderStatus.MAKING, OrderStatus.MADE, OrderStatus.FAILED}),
    OrderStatus.FAILED: frozenset({OrderStatus.ORDERED}),
    OrderStatus.MADE: frozenset(),
}
