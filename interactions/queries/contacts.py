"""Contacts and calls of an agent."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from events.queries import touched_in
from interactions.choices import LIVE, CallStatus, DefaultReason, Direction, InteractionStatus
from interactions.models import Call, Interaction, Reason
from interactions.queries.timeline import title_of
from utilcrm import clock

RINGS_FOR = dt.timedelta(minutes=2)
"""A call that rings longer has been lost by the telephone system; it stops popping up."""


def live_contact(chosen: uuid.UUID | None, user: Any) -> Interaction | None:
    """Return the agent's live contact of that UUID with what is confirmed for it, or None."""
    if chosen is None:
        return None
    return (
        Interaction.objects.filter(uuid=chosen, agent=user, status__in=LIVE)
        .select_related("account", "agreement", "premise__connection_object", "call")
        .first()
    )


def live_contacts(user: Any) -> list[Interaction]:
    """Return the agent's live contacts, oldest first."""
    return list(
        Interaction.objects.filter(agent=user, status__in=LIVE)
        .select_related("account", "call")
        .order_by("started_at")
    )


def ringing_call(user: Any) -> Call | None:
    """Return the call that rings at the user's extension now, the newest if there are several."""
    if not user.telephone_extension:
        return None
    return (
        Call.objects.filter(
            extension=user.telephone_extension,
            status=CallStatus.RINGING,
            direction=Direction.INBOUND,
            rang_at__gte=clock.now() - RINGS_FOR,
        )
        .order_by("-rang_at")
        .first()
    )


def past_contacts(account: Account, user: Any, limit: int = 6) -> list[Interaction]:
    """Return the customer's latest finished contacts; cleared ones are no contacts of theirs."""
    return list(
        Interaction.objects.visible_to(user)
        .filter(account=account, status=InteractionStatus.CLOSED)
        .select_related("agent", "reason__parent")
        .order_by("-started_at")[:limit]
    )


def recent_contacts(user: Any, limit: int = 8) -> list[Interaction]:
    """Return the agent's own finished contacts, newest first."""
    return list(
        Interaction.objects.visible_to(user)
        .filter(agent=user, status=InteractionStatus.CLOSED)
        .select_related("account", "reason")
        .order_by("-started_at")[:limit]
    )


def reasons() -> list[tuple[Reason, list[Reason]]]:
    """Return the tree of reasons that a person may choose: each parent with its leaves."""
    everything = list(
        Reason.objects.filter(is_active=True)
        .exclude(code=DefaultReason.TIMED_OUT)
        .order_by("position", "id")
    )
    return [
        (parent, [leaf for leaf in everything if leaf.parent_id == parent.pk])
        for parent in everything
        if parent.parent_id is None
    ]


@dataclass(frozen=True)
class Touched:
    """A business object that the contact touched, in the order of first access."""

    kind: str
    label: str
    what: str
    url: str
    subject_type: str = ""
    is_only_confirmed: bool = False
    account_uuid: uuid.UUID | None = None


PAGES: dict[str, tuple[str | Promise, str]] = {
    "accounts.Account": (_("Account"), "interactions:account"),
    "accounts.BusinessAgreement": (_("Business agreement"), ""),
    "premises.Premise": (_("Premise"), "interactions:premise"),
    "premises.ConnectionObject": (_("Building"), ""),
    "premises.PointOfDelivery": (_("Point of delivery"), ""),
    "devices.DeviceInfoRecord": (_("Meter"), "devices:detail"),
    "devices.Device": (_("Meter"), "devices:device"),
    "devices.ReadingReport": (_("Meter readings"), "contracts:reading"),
    "devices.DeviceOrder": (_("Device change"), "devices:order"),
    "quotations.Quotation": (_("Quotation"), "quotations:detail"),
    "contracts.Contract": (_("Contract"), "contracts:detail"),
    "contracts.ContractItem": (_("Contract"), ""),
    "contracts.ContractProcess": (_("Process"), "contracts:process"),
    "contracts.SignatureRequest": (_("Signature"), ""),
    "market.SupplyPeriod": (_("Supply at the register"), "market:period"),
    "correspondence.Document": (_("Document"), "correspondence:document"),
    "correspondence.Message": (_("E-mail"), ""),
    "service.Case": (_("Case"), "service:case"),
    "service.Promise": (_("Promise"), "service:promise"),
    "conversations.Conversation": (_("Conversation"), "conversations:detail"),
    "interactions.Script": (_("Script"), ""),
    "interactions.ScriptRun": (_("Script"), ""),
    "interactions.Alert": (_("Alert"), ""),
    "interactions.SatisfactionQuestion": (_("Question to customers"), ""),
    "accounts.AttributeValue": (_("Marketing attribute"), ""),
}


CONFIRMING = frozenset(
    f"interactions.{kind}.{verb}"
    for kind in ("account", "agreement", "premise")
    for verb in ("confirmed", "unconfirmed")
)
"""Events by which nothing of the record itself was changed."""


def touched(interaction: Interaction) -> list[Touched]:
    """Return what the contact touched, without the contact itself."""
    found = []
    for row in touched_in(interaction.uuid, looking=CONFIRMING):
        if row.subject_type == Interaction._meta.label:
            continue
        kind, page = PAGES.get(row.subject_type) or (_kind_of(row.subject_type), "")
        found.append(
            Touched(
                kind=str(kind),
                label=row.label,
                what=str(title_of(row.first_event)),
                url=reverse(page, args=[row.subject_uuid]) if page and row.subject_uuid else "",
                subject_type=row.subject_type,
                is_only_confirmed=row.only_named,
                account_uuid=row.account_uuid,
            )
        )
    return found


def touched_for(interaction: Interaction, user: Any) -> list[Touched]:
    """
    Return what a contact touched as far as the reader may see the customers.

    A contact may have begun with the wrong one. Of a cleared contact nothing is told but what it
    has made.
    """
    rows = touched(interaction)
    if interaction.status == InteractionStatus.CLEARED:
        rows = [row for row in rows if not row.is_only_confirmed]
    accounts = {row.account_uuid for row in rows if row.account_uuid is not None}
    seen = Account.objects.visible_to(user).filter(uuid__in=accounts).values_list("uuid", flat=True)
    hidden = accounts - set(seen)
    return [row for row in rows if row.account_uuid not in hidden]


def _kind_of(subject_type: str) -> str | Promise:
    """Return what a model calls its rows; a word of ours, never the name of a class."""
    try:
        return apps.get_model(subject_type)._meta.verbose_name or ""
    except LookupError:
        return ""
