"""Click to dial, and leading a caller from a queue or a colleague to a person's extension."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from interactions.choices import CallStatus, Direction
from interactions.choices.work import CallEventKind, CallEventSource
from interactions.gateway.telephone import TelephoneFailure, order
from interactions.models import Call, Interaction
from interactions.services.confirming import confirm_account
from interactions.services.contacts import open_contact, resume_contact
from interactions.services.live import ring
from interactions.services.retelling import add_event
from interactions.services.telephone import webhook_secret
from utilcrm import clock
from utilcrm.db.tenancy import current_schema

logger = structlog.stdlib.get_logger(__name__)


class CannotDial(Exception):
    """There is no telephone system, no extension, or the customer has not this number."""


def can_dial(user: Any) -> bool:
    """Tell whether numbers are links for this person."""
    return bool(settings.TELEPHONE_URL and user.telephone_extension)


@transaction.atomic
def dial(
    *, agent: Any, account: Account, number: str, contact: Interaction | None = None
) -> Interaction:
    """
    Have the telephone system call a customer's number from the agent's extension.

    Within a live contact with this customer that has no call yet, or a vain one of ours, the call
    becomes that contact's; otherwise a new outbound one begins. The order goes out after the
    commit; if it is refused, the call ends at once and the contact stays: one can dial by hand.

    :raises interactions.services.contacts.ContactEnded: if the contact has just ended
    :raises CannotDial: if it is not one of the customer's numbers, or nobody can dial here
    """
    if not can_dial(agent):
        raise CannotDial(_("There is no telephone at this desk: no extension is set for you."))
    if not account.contact_points.filter(value=number).exclude(kind="EMAIL").exists():
        raise CannotDial(_("This is not one of the customer's numbers."))
    call = Call.objects.create(
        call_id=uuid.uuid4().hex,
        direction=Direction.OUTBOUND,
        called_number=number,
        extension=agent.telephone_extension,
        rang_at=clock.now(),
    )
    if contact is None or contact.account_id != account.pk or not _may_dial_in(contact):
        contact = open_contact(agent=agent, direction=Direction.OUTBOUND, call=call)
        contact = confirm_account(account=account, agent=agent, interaction=contact)
    else:
        contact = resume_contact(interaction=contact, agent=agent)
        contact.take_call(call)
    _soon(call, agent, {"order": "dial", "number": number})
    return contact


def _may_dial_in(contact: Interaction) -> bool:
    """Tell whether a contact has no call, or one of ours that nobody answered."""
    call = contact.call
    is_in_vain = call is not None and call.status == CallStatus.MISSED
    return call is None or (is_in_vain and call.direction == Direction.OUTBOUND)


def lead_to(*, call: Call, agent: Any) -> None:
    """Have a caller who waits, or whom a colleague has, put through to the agent's extension."""
    if call.is_over or not can_dial(agent) or call.extension == agent.telephone_extension:
        return
    verb = "transfer" if call.extension else "connect"
    _soon(call, agent, {"order": verb})


def _soon(call: Call, agent: Any, what: dict[str, str]) -> None:
    what = {**what, "call_id": call.call_id, "extension": agent.telephone_extension}
    transaction.on_commit(lambda: _order(call, agent, what), robust=True)


def _order(call: Call, agent: Any, what: dict[str, str]) -> None:
    try:
        order(
            address=settings.TELEPHONE_URL.replace("{tenant}", current_schema()),
            tenant=current_schema(),
            secret=webhook_secret(),
            what=what,
        )
    except TelephoneFailure as failure:
        logger.warning("telephone_order_failed", order=what["order"], reason=str(failure))
        if what["order"] == "dial":
            _give_up(call, agent)


@transaction.atomic
def _give_up(call: Call, agent: Any) -> None:
    """Nobody will tell of this call: it ends here, unless the telephone system says otherwise."""
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    add_event(call=call, kind=CallEventKind.ENDED, source=CallEventSource.AGENT, at=clock.now())
    ring(agent.pk)
