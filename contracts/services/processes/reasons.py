"""Why contracts are ended, and which reasons end them at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.choices import ProcessKind


@dataclass(frozen=True)
class TerminationReason:
    """A reason; an immediate one needs no notice and breaks the fixed term."""

    code: str
    label: str | Promise
    is_immediate: bool = False


REASONS: dict[str, tuple[TerminationReason, ...]] = {
    ProcessKind.TERMINATION_CUSTOMER: (
        TerminationReason("NOTICE", _("Ordinary notice")),
        TerminationReason("PRICE_INCREASE", _("Special right after a price increase"), True),
        TerminationReason("DECEASED", _("The customer has died"), True),
        TerminationReason("SITE_CLOSED", _("The place of supply is closed"), True),
        TerminationReason("MUTUAL", _("By mutual agreement"), True),
    ),
    ProcessKind.TERMINATION_SUPPLIER: (
        TerminationReason("NOTICE", _("Ordinary notice")),
        TerminationReason("NON_PAYMENT", _("Unpaid bills"), True),
        TerminationReason("BREACH", _("Breach of the contract"), True),
        TerminationReason("ERROR", _("Contract made in error"), True),
        TerminationReason("MUTUAL", _("By mutual agreement"), True),
    ),
    ProcessKind.END_OF_SUPPLY: (
        TerminationReason("SUPPLIER_SWITCH", _("Change of supplier"), True),
        TerminationReason("MARKET_NOTICE", _("Told by the grid operator"), True),
    ),
}
