"""What clearing a contact takes back, and what it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AttributeValue
from interactions.models import Interaction
from interactions.queries.contacts import Touched, touched

_ITS_OWN = frozenset(
    {
        "interactions.Interaction",
        "interactions.ScriptRun",
        "interactions.Script",
        "interactions.Alert",
        "accounts.AttributeValue",
        "conversations.Conversation",
    }
)
"""What is taken back with the contact, or was there before it and only linked."""


@dataclass(frozen=True)
class Clearing:
    """What goes, in words, and what stays, as links."""

    goes: list[str | Promise]
    stays: list[Touched]


def what_clearing_does(contact: Interaction) -> Clearing:
    """Return what clearing a live contact would do; confirming is no work that could stay."""
    parts: list[tuple[Any, str | Promise]] = [
        (contact.account_id or contact.premise_id, _("who and what was confirmed")),
        (contact.verified_points, _("that the caller was verified")),
        (contact.scratch_pad or contact.notes, _("notes and the scratch pad")),
        (contact.script_runs.exists(), _("answers to scripts")),
        (contact.alerts.exists(), _("alerts and what became of them")),
        (
            AttributeValue.objects.filter(interaction_uuid=contact.uuid).exists(),
            _("marketing attributes noted"),
        ),
    ]
    stays = [
        one
        for one in touched(contact)
        if one.subject_type not in _ITS_OWN and not one.is_only_confirmed
    ]
    return Clearing([text for is_there, text in parts if is_there], stays)
