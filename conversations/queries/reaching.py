"""Whom a conversation may be with, and where they can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from access.queries import segments_of
from accounts.choices import ContactKind
from conversations.choices import Direction
from conversations.models import Conversation
from identification.queries import Hit, by_email, by_emails


def proposals(conversation: Conversation, user: Any) -> list[Hit]:
    """
    Return the accounts that have the address which the person gives, as far as one may see them.

    A proposal only: anybody can write any address.
    """
    if not conversation.address:
        return []
    return list(by_email(conversation.address, segments=segments_of(user)))


def maybe_of(conversations: Iterable[Conversation], user: Any) -> dict[int, Hit]:
    """
    Return for each conversation that is nobody's yet, by its key, the account of its address.

    A sender's address proves nothing: it is a proposal until somebody confirms it. An address
    that several accounts have names nobody. One question for all of them.
    """
    addresses = {
        one.pk: one.address for one in conversations if one.address and one.account_id is None
    }
    hits = by_emails(set(addresses.values()), segments=segments_of(user))
    return {pk: hits[address] for pk, address in addresses.items() if address in hits}


def addresses_of(conversation: Conversation) -> list[str]:
    """Return where an answer may go: what the person has used here, and what is on file."""
    latest = (
        conversation.messages.filter(direction=Direction.IN)
        .order_by("-pk")
        .values_list("sender", "reply_to")[:5]
    )
    used = [address for sender, answers_to in latest for address in (answers_to, sender)]
    on_file: list[str] = []
    if conversation.account is not None:
        on_file = list(
            conversation.account.contact_points.filter(kind=ContactKind.EMAIL).values_list(
                "value", flat=True
            )
        )
    known = [conversation.address, *used, *on_file]
    return list(dict.fromkeys(address for address in known if address))
