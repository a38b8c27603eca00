"""
Where a command of the palette leads: processes begin with what the contact has confirmed.

Each function takes a request and returns an address, or None when the command makes no sense now.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from conversations.queries.reading import concern_of_contact
from interactions.choices import IN_WRITING
from interactions.models import Interaction
from utilcrm import clock
from utilcrm.web.returning import with_params


def presence(*words: str) -> Any:
    """Return an address maker for saying that one is there, or not."""
    name = "interactions:presence_break" if len(words) > 1 else "interactions:presence"
    return lambda _request: reverse(name, args=words)


def of_contact(name: str) -> Any:
    """Return an address maker for a page of the present contact."""

    def address(request: Any) -> str | None:
        contact = getattr(request, "interaction", None)
        return reverse(name, args=[contact.uuid]) if contact else None

    return address


def new_quotation(request: Any) -> str | None:
    """Return where an offer for the confirmed customer begins."""
    contact = getattr(request, "interaction", None)
    if not contact or contact.account is None:
        return None
    url = reverse("quotations:create") + f"?account={contact.account.uuid}"
    if contact.agreement is not None:
        url += f"&agreement={contact.agreement.uuid}"
    if contact.premise is not None:
        url += f"&premise={contact.premise.uuid}"
    return url


def new_case(request: Any) -> str | None:
    """Return where a case of the confirmed customer is opened."""
    contact = getattr(request, "interaction", None)
    if not contact or contact.account is None:
        return None
    return case_of(contact)


def case_of(contact: Interaction) -> str:
    """
    Return where a case of a contact's confirmed customer is opened, with all that is known.

    What somebody has written came in when it arrived, and not when an agent gets round to it.
    """
    url = reverse("service:open", args=[contact.account.uuid])
    known = {"agreement": contact.agreement, "premise": contact.premise}
    named = {key: str(row.uuid) for key, row in known.items() if row is not None}
    concern = concern_of_contact(contact.uuid) if contact.channel in IN_WRITING else None
    if concern is not None:
        day = clock.local_date(concern.since)
        named |= {"received": day.isoformat(), "subject": concern.subject}
    return with_params(url, channel=contact.channel, **named)


def of_account(name: str) -> Any:
    """Return an address maker for a page of the account that is confirmed."""

    def address(request: Any) -> str | None:
        contact = getattr(request, "interaction", None)
        if not contact or contact.account is None:
            return None
        return reverse(name, args=[contact.account.uuid])

    return address


def of_agreement(name: str) -> Any:
    """Return an address maker for a page of the business agreement that is confirmed."""

    def address(request: Any) -> str | None:
        contact = getattr(request, "interaction", None)
        if not contact or contact.agreement is None:
            return None
        return reverse(name, args=[contact.agreement.uuid])

    return address


def in_context(name: str) -> Any:
    """Return an address maker for a process that begins with what the contact has confirmed."""

    def address(request: Any) -> str | None:
        contact = getattr(request, "interaction", None)
        if not contact or not (contact.premise or contact.account):
            return None
        known = {
            "premise": contact.premise,
            "account": contact.account,
            "agreement": contact.agreement,
        }
        named = "&".join(f"{key}={row.uuid}" for key, row in known.items() if row is not None)
        return f"{reverse(name)}?{named}"

    return address
