"""What is still to do before a contact is closed, and what it was about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.choices import ConversationStatus
from conversations.models import Conversation
from events.queries import names_in
from interactions.choices import IN_WRITING, DefaultReason
from interactions.models import Interaction, Reason
from interactions.queries.guidance.runs import running_in
from quotations.models import Quotation

Tree = list[tuple[Reason, list[Reason]]]


@dataclass(frozen=True)
class OpenItem:
    """One thing left, and the page on which it is done."""

    text: str | Promise
    url: str


_REASON_OF = {
    "accounts.account.changed": DefaultReason.CHANGE_OF_DATA,
    "accounts.agreement.changed": DefaultReason.CHANGE_OF_DATA,
    "billing_sync.payment.requested": DefaultReason.PAYMENT,
    "billing_sync.arrangement.requested": DefaultReason.PAYMENT,
    "billing_sync.budget.requested": DefaultReason.PAYMENT,
    "devices.reading.reported": DefaultReason.READING,
    "quotations.quotation.sent": DefaultReason.NEW_SUPPLY,
}
"""What an event says of why the customer called."""


def proposed_reason(contact: Interaction, tree: Tree) -> str:
    """
    Return the code of the reason that follows from what was done; "" where nothing follows.

    Two things done for two reasons leave the choice to the agent, as does a reason that the tenant
    does not offer.
    """
    found = {_REASON_OF[name] for name in names_in(contact.uuid, among=_REASON_OF)}
    offered = {one.code for parent, leaves in tree for one in leaves or [parent]}
    return str(*found) if len(found) == 1 and found <= offered else ""


def open_items(contact: Interaction) -> list[OpenItem]:
    """Return what the rules find left to do for the contact's customer."""
    items = [*_unfinished_script(contact), *_unanswered(contact)]
    account = contact.account
    if account is None:
        return [
            OpenItem(_("Nobody has been identified."), reverse("interactions:search")),
            *items,
        ]
    if contact.verified_at is None:
        items.append(
            OpenItem(
                _("The caller was not verified."),
                reverse("interactions:verify", args=[contact.uuid]),
            )
        )
    edit = reverse("accounts:edit", args=[account.uuid])
    if not (account.street and account.postcode and account.town):
        items.append(OpenItem(_("The postal address is incomplete: verify it."), edit))
    kinds = set(account.contact_points.values_list("kind", flat=True))
    if "EMAIL" not in kinds:
        items.append(OpenItem(_("No e-mail address is on file: ask for one."), edit))
    if not kinds - {"EMAIL"}:
        items.append(OpenItem(_("No phone number is on file: ask for one."), edit))
    items.extend(
        OpenItem(
            _("Quotation %(number)s was begun and not sent.") % {"number": quotation.number},
            reverse("quotations:detail", args=[quotation.uuid]),
        )
        for quotation in _unfinished_quotations(contact)
    )
    return items


def _unfinished_script(contact: Interaction) -> list[OpenItem]:
    run = running_in(contact)
    if run is None:
        return []
    text = _("Script “%(title)s” is unfinished.") % {"title": run.script.title}
    return [OpenItem(text, reverse("interactions:run", args=[run.uuid]))]


def _unanswered(contact: Interaction) -> list[OpenItem]:
    if contact.channel not in IN_WRITING:
        return []
    return [
        OpenItem(
            _("Conversation %(number)s is neither answered nor done.") % {"number": one.number},
            reverse("conversations:detail", args=[one.uuid]),
        )
        for one in Conversation.objects.filter(
            contact_uuid=contact.uuid, status=ConversationStatus.ASSIGNED
        )[:3]
    ]


def _unfinished_quotations(contact: Interaction) -> Any:
    return Quotation.objects.filter(
        account=contact.account, interaction_uuid=contact.uuid, status="DRAFT"
    )[:5]
