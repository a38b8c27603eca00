"""States of contracts, items and signature requests, and which may follow which."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tenants.choices import ItemRole as ItemRole  # noqa: PLC0414 - a choice of contracts, too


class ItemStatus(TextChoices):
    """The way of a contract item to the ERP."""

    DRAFT = "DRAFT", _("Draft")
    BLOCKED = "BLOCKED", _("Waiting")
    QUEUED = "QUEUED", _("Queued for the ERP")
    SENT = "SENT", _("Sent to the ERP")
    ACCEPTED = "ACCEPTED", _("Being set up in the ERP")
    COMPLETED = "COMPLETED", _("Completed")
    ENDED = "ENDED", _("Ended")
    REJECTED = "REJECTED", _("Refused by the ERP")
    CONFLICT = "CONFLICT", _("Differs from the ERP")
    CANCELLED = "CANCELLED", _("Cancelled")
    IMPORTED = "IMPORTED", _("Imported, not yet in the ERP")


# The ERP's answers come by another way than our sending is noted, so an answer may be here first:
# hence the steps that skip SENT or ACCEPTED.
ITEM_TRANSITIONS: dict[str, frozenset[str]] = {
    ItemStatus.DRAFT: frozenset({ItemStatus.BLOCKED, ItemStatus.CANCELLED}),
    ItemStatus.BLOCKED: frozenset({ItemStatus.QUEUED, ItemStatus.CANCELLED}),
    # CANCELLED: taken back before the message has left the house.
    ItemStatus.QUEUED: frozenset(
        {
            ItemStatus.SENT,
            ItemStatus.ACCEPTED,
            ItemStatus.COMPLETED,
            ItemStatus.REJECTED,
            ItemStatus.CANCELLED,
        }
    ),
    ItemStatus.SENT: frozenset({ItemStatus.ACCEPTED, ItemStatus.COMPLETED, ItemStatus.REJECTED}),
    ItemStatus.ACCEPTED: frozenset(
        {ItemStatus.COMPLETED, ItemStatus.REJECTED, ItemStatus.CONFLICT}
    ),
    ItemStatus.COMPLETED: frozenset({ItemStatus.ENDED, ItemStatus.CONFLICT}),
    # Mended by us and queued again, or mended by a clerk in the ERP, which then reports success.
    ItemStatus.REJECTED: frozenset(
        {ItemStatus.QUEUED, ItemStatus.ACCEPTED, ItemStatus.COMPLETED, ItemStatus.CANCELLED}
    ),
    ItemStatus.CONFLICT: frozenset({ItemStatus.QUEUED, ItemStatus.COMPLETED, ItemStatus.ENDED}),
    # The end was undone.
    ItemStatus.ENDED: frozenset({ItemStatus.COMPLETED}),
    ItemStatus.CANCELLED: frozenset(),
    # Taken over from another system without the ERP's number: the download or a clerk brings it.
    ItemStatus.IMPORTED: frozenset({ItemStatus.COMPLETED, ItemStatus.ENDED, ItemStatus.CANCELLED}),
}

IN_THE_ERP = frozenset(
    {ItemStatus.ACCEPTED, ItemStatus.COMPLETED, ItemStatus.ENDED, ItemStatus.CONFLICT}
)
ON_THE_WAY = frozenset({ItemStatus.QUEUED, ItemStatus.SENT, ItemStatus.ACCEPTED})
NOT_YET_SIGNED = frozenset({ItemStatus.DRAFT, ItemStatus.BLOCKED})
NOT_SUPPLIED = frozenset({*NOT_YET_SIGNED, ItemStatus.CANCELLED})
"""Items for which no energy is bought: not signed yet, or taken back."""


class BlockReason(TextChoices):
    """What a blocked item waits for."""

    SIGNATURE = "SIGNATURE", _("the customer's signature")
    APPROVAL = "APPROVAL", _("an approval")


class ContractStatus(TextChoices):
    """The overview of a contract, made of its items' states."""

    DRAFT = "DRAFT", _("Draft")
    AWAITING_SIGNATURE = "AWAITING_SIGNATURE", _("Awaiting signature")
    SIGNED = "SIGNED", _("Signed")
    IN_PROCESS = "IN_PROCESS", _("Being set up")
    NEEDS_ATTENTION = "NEEDS_ATTENTION", _("Needs attention")
    ACTIVE = "ACTIVE", _("Active")
    ENDED = "ENDED", _("Ended")
    CANCELLED = "CANCELLED", _("Cancelled")


def overview(statuses: Iterable[str], *, is_signed: bool) -> ContractStatus:
    """Sum up the states of a contract's items."""
    found = set(statuses)
    live = found - {ItemStatus.CANCELLED}
    rules: tuple[tuple[bool, ContractStatus], ...] = (
        (not found, ContractStatus.DRAFT),
        (not live, ContractStatus.CANCELLED),
        (bool(live & {ItemStatus.REJECTED, ItemStatus.CONFLICT}), ContractStatus.NEEDS_ATTENTION),
        (live == {ItemStatus.ENDED}, ContractStatus.ENDED),
        (
            live <= {ItemStatus.COMPLETED, ItemStatus.ENDED, ItemStatus.IMPORTED},
            ContractStatus.ACTIVE,
        ),
        (bool(live & (ON_THE_WAY | {ItemStatus.COMPLETED})), ContractStatus.IN_PROCESS),
        (is_signed, ContractStatus.SIGNED),
        (ItemStatus.BLOCKED in live, ContractStatus.AWAITING_SIGNATURE),
    )
    return next((status for applies, status in rules if applies), ContractStatus.DRAFT)


class ContractSource(TextChoices):
    """Where a contract was made first."""

    CRM = "CRM", _("UtilCRM")
    ERP = "ERP", _("ERP")
    IMPORT = "IMPORT", _("Another system")


TAKEN_OVER = frozenset({ContractSource.ERP, ContractSource.IMPORT})
"""Sources whose contracts were concluded elsewhere: nobody signs them here."""


class StepStatus(TextChoices):
    """How one step of the set-up in the ERP stands."""

    PENDING = "PENDING", _("Not started")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")
    SKIPPED = "SKIPPED", _("Not needed")


class StepCode(TextChoices):
    """The steps of IS-U's master data generation, in its order."""

    PRICES = "PRICES", _("Prices")
    INSTALLATION = "INSTALLATION", _("Installation")
    LOAD_PROFILE = "LOAD_PROFILE", _("Load profile")
    OPERANDS = "OPERANDS", _("Prices to the billing")
    DEVICE_INFO_RECORD = "DEVICE_INFO_RECORD", _("Meter data")
    MOVE_IN = "MOVE_IN", _("Move-in")
    CONTRACT = "CONTRACT", _("Contract")


class SignatureStatus(TextChoices):
    """How far a request to sign has come."""

    CREATED = "CREATED", _("Being prepared")
    SENT = "SENT", _("Sent")
    OPENED = "OPENED", _("Opened")
    SIGNED = "SIGNED", _("Signed")
    EXPIRED = "EXPIRED", _("Expired")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


SIGNATURE_TRANSITIONS: dict[str, frozenset[str]] = {
    SignatureStatus.CREATED: frozenset(
        {SignatureStatus.SENT, SignatureStatus.EXPIRED, SignatureStatus.WITHDRAWN}
    ),
    SignatureStatus.SENT: frozenset(
        {SignatureStatus.OPENED, SignatureStatus.EXPIRED, SignatureStatus.WITHDRAWN}
    ),
    SignatureStatus.OPENED: frozenset(
        {SignatureStatus.SIGNED, SignatureStatus.EXPIRED, SignatureStatus.WITHDRAWN}
    ),
    SignatureStatus.SIGNED: frozenset(),
    SignatureStatus.EXPIRED: frozenset(),
    SignatureStatus.WITHDRAWN: frozenset(),
}
OPEN_SIGNATURE = frozenset({SignatureStatus.CREATED, SignatureStatus.SENT, SignatureStatus.OPENED})


class SignatureMethod(TextChoices):
    """How the customer signed."""

    DRAWN = "DRAWN", _("Drawn by hand")
    TYPED = "TYPED", _("Name typed")


class EvidenceKind(TextChoices):
    """What a line of the evidence chain attests."""

    PREPARED = "PREPARED", _("Document made and sealed")
    SENT = "SENT", _("Link sent")
    REMINDED = "REMINDED", _("Reminder sent")
    OPENED = "OPENED", _("Link opened")
    DOCUMENT_READ = "DOCUMENT_READ", _("Document read")
    CONSENTED = "CONSENTED", _("Consent given")
    SIGNED = "SIGNED", _("Signed")
    EXPIRED = "EXPIRED", _("Link expired")
    WITHDRAWN = "WITHDRAWN", _("Request withdrawn")


class Severity(TextChoices):
    """How serious a finding of the pre-flight check is."""

    BLOCK = "BLOCK", _("Must be mended")
    WARN = "WARN", _("Should be looked at")
    INFO = "INFO", _("For information")
    UNKNOWN = "UNKNOWN", _("Could not be checked")


class ProcessKind(TextChoices):
    """What can happen in the life of a contract, each as one guided process."""

    MOVE_IN = "MOVE_IN", _("Move-in")
    MOVE_OUT = "MOVE_OUT", _("Move-out")
    TRANSFER = "TRANSFER", _("Transfer to another premise")
    TERMINATION_CUSTOMER = "TERMINATION_CUSTOMER", _("Termination by the customer")
    TERMINATION_SUPPLIER = "TERMINATION_SUPPLIER", _("Termination by the supplier")
    END_OF_SUPPLY = "END_OF_SUPPLY", _("End of supply")
    WITHDRAWAL = "WITHDRAWAL", _("Withdrawal")
    REACTIVATION = "REACTIVATION", _("Reactivation")
    UNDO = "UNDO", _("Undo")
    PRODUCT_CHANGE = "PRODUCT_CHANGE", _("Product change")
    PRICE_CHANGE = "PRICE_CHANGE", _("Price change")
    AGREEMENT_CHANGE = "AGREEMENT_CHANGE", _("Change of business agreement")
    RENEWAL = "RENEWAL", _("Renewal")
    SPLIT = "SPLIT", _("Split")
    JOIN = "JOIN", _("Join")


class ProcessStatus(TextChoices):
    """How far a process has come."""

    DRAFT = "DRAFT", _("Draft")
    RELEASED = "RELEASED", _("Released")
    SENT = "SENT", _("With the ERP")
    CONFIRMED = "CONFIRMED", _("Confirmed by the ERP")
    REJECTED = "REJECTED", _("Refused by the ERP")
    CANCELLED = "CANCELLED", _("Cancelled")
    UNDONE = "UNDONE", _("Undone")


# The ERP's answer may be here before our own note that the message was sent.
PROCESS_TRANSITIONS: dict[str, frozenset[str]] = {
    ProcessStatus.DRAFT: frozenset({ProcessStatus.RELEASED, ProcessStatus.CANCELLED}),
    ProcessStatus.RELEASED: frozenset(
        {ProcessStatus.SENT, ProcessStatus.CONFIRMED, ProcessStatus.REJECTED}
    ),
    ProcessStatus.SENT: frozenset({ProcessStatus.CONFIRMED, ProcessStatus.REJECTED}),
    ProcessStatus.REJECTED: frozenset({ProcessStatus.RELEASED, ProcessStatus.CANCELLED}),
    ProcessStatus.CONFIRMED: frozenset({ProcessStatus.UNDONE}),
    ProcessStatus.CANCELLED: frozenset(),
    ProcessStatus.UNDONE: frozenset(),
}
OPEN_PROCESS = frozenset(
    {
        ProcessStatus.DRAFT,
        ProcessStatus.RELEASED,
        ProcessStatus.SENT,
        ProcessStatus.REJECTED,
    }
)
UNDER_WAY = frozenset({ProcessStatus.RELEASED, ProcessStatus.SENT})


class ProcessEffect(TextChoices):
    """What a process does to a contract item."""

    ENDS = "ENDS", _("ends")
    STARTS = "STARTS", _("starts")
    CHANGES = "CHANGES", _("changes")


class EndReason(TextChoices):
    """Why an item has ended, or will, although its customer stays."""

    PRODUCT_CHANGE = "PRODUCT_CHANGE", _("Ended due to product change")
    SPLIT = "SPLIT", _("Ended because it was split out")
    JOIN = "JOIN", _("Ended because it was joined")


class EffectOutcome(TextChoices):
    """What the ERP said about one item of a process."""

    PENDING = "PENDING", _("Open")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    REFUSED = "REFUSED", _("Refused")


EFFECT_TRANSITIONS: dict[str, frozenset[str]] = {
    EffectOutcome.PENDING: frozenset({EffectOutcome.CONFIRMED, EffectOutcome.REFUSED}),
    EffectOutcome.REFUSED: frozenset({EffectOutcome.PENDING}),
    EffectOutcome.CONFIRMED: frozenset(),
}


class SupplySource(TextChoices):
    """Who decided which agreement feeds a contract item."""

    PRODUCT = "PRODUCT", _("by its product")
    CHOSEN = "CHOSEN", _("chosen for this contract")


class SupplyGapReason(TextChoices):
    """Why nobody supplies the energy of a contract item."""

    NO_PRODUCT = "NO_PRODUCT", _("Its product is not known here")
    NOT_FED = "NOT_FED", _("No agreement feeds its product then")
