"""What a contact does when something was made in it; the destination `contact-desk`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, BusinessAgreement
from events.models import Event
from events.services.handling import Done, Envelope, Handler, Outcome
from interactions.choices import LIVE
from interactions.models import Interaction
from interactions.services.confirming import only_or_default
from interactions.services.guidance.running import start_for_process
from interactions.services.live import ring
from interactions.services.work.waiting import note_customer
from premises.models import Premise


class ContactDeskHandler(Handler):
    """Local: confirms what an agent has just made, where nothing is confirmed yet."""

    kinds: ClassVar[Mapping[str, Any]] = {
        "account-made": _("Show the new account in the contact"),
        "agreement-made": _("Show the new business agreement in the contact"),
        "premise-made": _("Show the new premise in the contact"),
        "process-started": _("Start the script of a process in the contact"),
    }

    def deliver(self, envelope: Envelope) -> Outcome:
        """Put the new object into the context bar of the contact in which it was made."""
        event = Event.objects.filter(pk=envelope.event_id or 0).first()
        if event is None or event.interaction_uuid is None or event.subject_uuid is None:
            return Done()
        contact = (
            Interaction.objects.select_for_update(of=("self",))
            .filter(uuid=event.interaction_uuid, status__in=LIVE)
            .first()
        )
        if contact and envelope.kind == "process-started":
            kind = str(event.payload.get("kind", ""))
            if start_for_process(interaction=contact, kind=kind, user=contact.agent):
                ring(contact.agent_id)
            return Done()
        changes = _CHANGES[envelope.kind](contact, event.subject_uuid) if contact else {}
        if contact and changes:
            contact.confirm(**changes)
            note_customer(contact)
            ring(contact.agent_id)
        return Done()


def _account(contact: Interaction, made: uuid.UUID) -> dict[str, Any]:
    if contact.account_id:
        return {}
    account = Account.objects.get(uuid=made)
    return {"account": account, "agreement": only_or_default(account)}


def _agreement(contact: Interaction, made: uuid.UUID) -> dict[str, Any]:
    agreement = BusinessAgreement.objects.get(uuid=made)
    is_of_caller = contact.account_id == agreement.account_id
    return {"agreement": agreement} if is_of_caller and not contact.agreement_id else {}


def _premise(contact: Interaction, made: uuid.UUID) -> dict[str, Any]:
    if contact.premise_id:
        return {}
    return {"premise": Premise.objects.get(uuid=made)}


_CHANGES: dict[str, Callable[[Interaction, uuid.UUID], dict[str, Any]]] = {
    "account-made": _account,
    "agreement-made": _agreement,
    "premise-made": _premise,
}
