"""Where a case begins, with what a contact knows filled in."""

from __future__ import annotations

from django.urls import reverse

from conversations.queries.reading import concern_of_contact
from interactions.choices import IN_WRITING
from interactions.models import Interaction
from utilcrm import clock
from utilcrm.web.returning import with_params


def case_of(contact: Interaction) -> str:
    """
    Return where a case of a contact's confirmed customer is opened, with all that is known.

    What somebody has written came in when it arrived, and not when an agent gets round to it.

    :raises ValueError: without a confirmed customer
    """
    if contact.account is None:
        raise ValueError("nobody is confirmed")
    url = reverse("service:open", args=[contact.account.uuid])
    known = {"agreement": contact.agreement, "premise": contact.premise}
    named = {key: str(row.uuid) for key, row in known.items() if row is not None}
    concern = concern_of_contact(contact.uuid) if contact.channel in IN_WRITING else None
    if concern is not None:
        day = clock.local_date(concern.since)
        named |= {"received": day.isoformat(), "subject": concern.subject}
    return with_params(url, channel=contact.channel, **named)
