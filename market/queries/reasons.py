"""What a register's codes mean to a person, and what to do about them."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Reason(NamedTuple):
    """A register's objection in plain words, and what helps."""

    text: Text
    remedy: Text


_CLEAR_UP = _("Clear it up with the network operator.")
_LOOK_AT_DAY = _("Look at the start of the contract; the register takes no day that far away.")

REASONS: dict[str, Reason] = {
    "PLACE_NOT_FOUND": Reason(
        _("The register does not know this point of delivery."),
        _("Compare the identifier with the customer's last bill."),
    ),
    "PLACE_AMBIGUOUS": Reason(
        _("Several points of delivery have this identifier."),
        _("Ask the register, and choose the one at the customer's address."),
    ),
    "PLACE_DECOMMISSIONED": Reason(_("The point of delivery does not exist any more."), _CLEAR_UP),
    "PLACE_INACTIVE": Reason(
        _("The point of delivery has no meter yet."),
        _("Have the network operator connect it first, then claim again."),
    ),
    "START_TOO_FAR_BACK": Reason(_("The start lies too far back."), _LOOK_AT_DAY),
    "START_TOO_FAR_AHEAD": Reason(_("The start lies too far ahead."), _LOOK_AT_DAY),
    "SWITCH_IN_PROGRESS": Reason(
        _("Another change of supplier is under way."),
        _("Ask the customer with whom a contract was made, and claim again once that is over."),
    ),
    "ALREADY_SUPPLIED": Reason(
        _("The register has us as the supplier already."),
        _("Look for another contract at this point of delivery."),
    ),
    "NOT_YOUR_SUPPLY": Reason(
        _("The register does not have us as the supplier on that day."), _CLEAR_UP
    ),
    "CLAIM_NOT_FOUND": Reason(_("The register does not know the claim."), _CLEAR_UP),
    "ALREADY_STARTED": Reason(
        _("The supply has begun; the claim cannot be taken back any more."),
        _("End the contract instead."),
    ),
    "NOTICE_NOT_FOUND": Reason(_("The register does not know the advance notice."), _CLEAR_UP),
    "END_TOO_EARLY": Reason(
        _("An end is told on its day, not before."), _("Send it again on the day.")
    ),
    "END_TOO_FAR_BACK": Reason(_("The end lies too far back."), _CLEAR_UP),
    "REASON_MISSING": Reason(
        _("The register wants to know why the supply ends."),
        _("Give one of the eight reasons, then send it again."),
    ),
    "ALREADY_CUT": Reason(_("The point of delivery is disconnected already."), _CLEAR_UP),
    "NOT_CUT": Reason(_("The point of delivery is not disconnected."), _CLEAR_UP),
    "OPERATOR_MISMATCH": Reason(
        _("The point of delivery belongs to another network operator."), _CLEAR_UP
    ),
    # the data hub's codes
    "E10": Reason(
        _("The register does not know this point of delivery."),
        _("Compare the identifier with the customer's last bill."),
    ),
    "E16": Reason(_("The register does not have us as the supplier on that day."), _CLEAR_UP),
    "E17": Reason(_("The day is too early or too late for the register."), _LOOK_AT_DAY),
    "E22": Reason(
        _("Another change of supplier is under way."),
        _("Ask the customer with whom a contract was made, and claim again once that is over."),
    ),
    "E59": Reason(
        _("The register has us as the supplier already."),
        _("Look for another contract at this point of delivery."),
    ),
    "E09": Reason(
        _("Several points of delivery have this identifier."),
        _("Ask the register, and choose the one at the customer's address."),
    ),
    "D64": Reason(
        _("The register wants to know why the supply ends."),
        _("Give one of the eight reasons, then send it again."),
    ),
    "D06": Reason(_("The register does not know the claim."), _CLEAR_UP),
    "E47": Reason(
        _("The supply has begun; the claim cannot be taken back any more."),
        _("End the contract instead."),
    ),
    "D38": Reason(_("The register does not know the advance notice."), _CLEAR_UP),
    "E81": Reason(_("The point of delivery is disconnected already."), _CLEAR_UP),
    "D16": Reason(_("Nobody can be supplied at this point of delivery at present."), _CLEAR_UP),
    # ours
    "GIVEN_UP": Reason(
        _("A colleague has given the message up."), _("Send it again, or finish the task.")
    ),
}
"""Codes of both languages; what is not here is shown in the register's own words."""


def readable(code: str, text: str = "") -> str:
    """Return what a code means; the register's own wording where the code is not known."""
    known = REASONS.get(code)
    if known is not None:
        return str(known.text)
    return text or code


def remedy(code: str) -> str:
    """Return what helps against an objection; empty where nobody knows."""
    known = REASONS.get(code)
    return str(known.remedy) if known is not None else ""
