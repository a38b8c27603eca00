"""
A customer's history over all channels: contacts, contracts, letters, the ERP, the register.

Everything is an event of the account; a page is read along its index, newest first, and costs the
same wherever it begins.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from contracts.models import Contract, ContractItem
from conversations.models import Conversation
from events.models import Event
from interactions.choices import InteractionStatus
from interactions.models import Interaction
from interactions.queries.contacts import PAGES
from interactions.queries.timeline import TITLES, Entry, entry_of
from premises.models import Premise
from service.models import Case

PAGE = 40
_CONVERSATION = Conversation._meta.label
_NAMED_BY = ("contract_uuid", "pod_uuid", "subject_uuid", "about_uuid")
"""Where events say whom or what else they are about."""


class Strand(TextChoices):
    """Where an entry comes from, for people who look for one thing."""

    CONTACTS = "CONTACTS", _("Contacts and messages")
    CONTRACTS = "CONTRACTS", _("Quotations and contracts")
    LETTERS = "LETTERS", _("Letters and documents")
    PORTAL = "PORTAL", _("By the customer, online")
    ERP = "ERP", _("From and to the ERP")
    MARKET = "MARKET", _("The market's register")
    SERVICE = "SERVICE", _("Cases and promises")
    DATA = "DATA", _("Customer data and meters")


_ONLINE = frozenset(
    {
        "contracts.signature.opened",
        "contracts.contract.signed",
        "conversations.chat.left",
        "conversations.message.received",
        "interactions.satisfaction.answered",
    }
)
_ERP = ("billing_sync.", "contracts.item.")
_PREFIXES: dict[str, tuple[str, ...]] = {
    Strand.CONTACTS: ("interactions.", "conversations."),
    Strand.CONTRACTS: ("quotations.", "contracts."),
    Strand.LETTERS: ("correspondence.", "contracts.letter.", "service.letter."),
    Strand.MARKET: ("market.",),
    Strand.SERVICE: ("service.",),
    Strand.DATA: ("accounts.", "premises.", "devices.", "migration_import."),
}


@dataclass(frozen=True)
class Wanted:
    """What a person narrows the history by; empty narrows nothing."""

    strand: str = ""
    premise: Premise | None = None
    contract: Contract | None = None


def names_of(strand: str) -> list[str]:
    """Return the names of the events of a strand; every name that is shown without one."""
    if strand == Strand.PORTAL:
        return sorted(_ONLINE & TITLES.keys())
    if strand == Strand.ERP:
        return [one for one in TITLES if one.startswith(_ERP) or "erp" in one.split(".")[-1]]
    prefixes = _PREFIXES.get(strand)
    return [one for one in TITLES if prefixes is None or one.startswith(prefixes)]


def history(
    account: Account, *, wanted: Wanted | None = None, before: int | None = None, limit: int = PAGE
) -> tuple[list[Entry], int | None]:
    """Return a page of what happened, newest first, and the key of the next page."""
    wanted = wanted or Wanted()
    events = Event.objects.filter(account_uuid=account.uuid, name__in=names_of(wanted.strand))
    # A cleared contact was never this customer's: what it did for others stays, itself it goes.
    events = events.exclude(Exists(_cleared()), name__startswith="interactions.")
    # Nor was what was written in a conversation that was taken for theirs by mistake.
    events = events.exclude(~Exists(_conversation_of(account)), subject_type=_CONVERSATION)
    if wanted.contract is not None:
        events = events.filter(
            _names(_of_contracts(Contract.objects.filter(pk=wanted.contract.pk)))
        )
    if wanted.premise is not None:
        events = events.filter(_names(_of_premise(wanted.premise, account)))
    if before is not None:
        events = events.filter(pk__lt=before)
    rows = list(events.order_by("-pk")[: limit + 1])
    page = rows[:limit]
    return [_linked(event) for event in page], page[-1].pk if len(rows) > limit else None


def _cleared() -> QuerySet[Interaction]:
    return Interaction.objects.filter(
        uuid=OuterRef("interaction_uuid"), status=InteractionStatus.CLEARED
    )


def _conversation_of(account: Account) -> QuerySet[Conversation]:
    return Conversation.objects.filter(uuid=OuterRef("subject_uuid"), account=account)


def _names(uuids: Iterable[uuid.UUID]) -> Q:
    """Return the condition for events whose subject, or whatever they name beside it, is one."""
    found = list(uuids)
    condition = Q(subject_uuid__in=found)
    for key in _NAMED_BY:
        condition |= Q(**{f"payload__{key}__in": [str(one) for one in found]})
    return condition


def _of_contracts(contracts: QuerySet[Contract]) -> set[uuid.UUID]:
    rows = contracts.values_list("uuid", "quotation__uuid", "signature_request__uuid")
    items = ContractItem.objects.filter(contract__in=contracts.values("pk"))
    found = {one for row in rows for one in row if one is not None}
    return found | set(items.values_list("uuid", flat=True))


def _of_premise(premise: Premise, account: Account) -> set[uuid.UUID]:
    pods = premise.points_of_delivery.values_list("uuid", "device_info_records__uuid")
    contracts = Contract.objects.filter(account=account, items__pod__premise=premise)
    contacts = Interaction.objects.filter(account=account, premise=premise)
    cases = Case.objects.filter(account=account, premise=premise)
    return {
        premise.uuid,
        premise.connection_object.uuid,
        *(one for row in pods for one in row if one is not None),
        *_of_contracts(contracts),
        *contacts.values_list("uuid", flat=True),
        *cases.values_list("uuid", flat=True),
    }


def _linked(event: Event) -> Entry:
    """Return an entry that leads to its record, where there is a page of it."""
    page = PAGES.get(event.subject_type, ("", ""))[1]
    if event.subject_type == Interaction._meta.label:
        page = "interactions:record"
    is_reachable = page and event.subject_uuid is not None
    url = reverse(page, args=[event.subject_uuid]) if is_reachable else ""
    return replace(entry_of(event), url=url)


def choices_of(account: Account, user: Any) -> tuple[list[Premise], list[Contract]]:
    """Return the premises and contracts that a history can be narrowed to, the newest first."""
    contracts = list(Contract.objects.visible_to(user).filter(account=account).order_by("-pk")[:30])
    premises = list(
        Premise.objects.visible_to(user)
        .filter(points_of_delivery__contract_items__contract__account=account)
        .select_related("connection_object")
        .distinct()[:30]
    )
    return premises, contracts
