"""
Where a command of the palette leads: processes begin with what the contact has confirmed.

Each function takes a request and returns an address, or None when the command makes no sense now.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse


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
    from interactions.queries.opening_cases import case_of  # noqa: PLC0415 (models)

    return case_of(contact)


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
