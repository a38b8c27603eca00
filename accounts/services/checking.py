"""The line of the check list about number ranges."""

from __future__ import annotations

from django.utils.translation import gettext as _

from utilcrm.db import numbering
from utilcrm.setting_up import Finding

NEEDED = (
    "accounts_account_number",
    "accounts_agreement_number",
    "contracts_contract_number",
    "interactions_interaction_number",
    "quotation_number",
)


def look_at_numbers() -> Finding:
    """Every number range that the processes draw from exists in this tenant."""
    known = dict(numbering.ranges())
    missing = [name for name in NEEDED if name not in known]
    if missing:
        return Finding(False, _("Missing: %(names)s.") % {"names": ", ".join(missing)})
    return Finding(True, _("%(count)d number ranges are in place.") % {"count": len(NEEDED)})
