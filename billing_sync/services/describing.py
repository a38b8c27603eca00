"""What messages to the ERP are about, in words, and where the record is to be seen."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import MessageKind
from events.services.handling import About, Envelope

# What has happened here, of which the messages to the ERP are still to be made.
PLANNED: dict[str, Any] = {
    "account-created": _("Account created"),
    "account-changed": _("Account changed"),
    "agreement-created": _("Business agreement created"),
    "agreement-changed": _("Business agreement changed"),
    "contract-signed": _("Contract signed"),
    "item-retried": _("Sent to the ERP again"),
    "item-completed": _("Contract set up in the ERP"),
    "reading-reported": _("Meter reading reported"),
    "reading-withdrawn": _("Meter reading withdrawn"),
    "budget-requested": _("Instalment changed"),
    "arrangement-requested": _("Payment, deferral or instalments asked for"),
    "device-order-released": _("Device change ordered"),
    "device-order-cancelled": _("Device change cancelled"),
    "process-released": _("Change of a contract released"),
    "process-stopped": _("Change of a contract stopped"),
}


def about_command(envelope: Envelope) -> About:
    """Return what a command to the ERP makes or changes, with the contract's page if it has one."""
    known = envelope.kind in MessageKind.values
    kind = str(MessageKind(envelope.kind).label) if known else envelope.kind
    label = str(envelope.payload.get("label", ""))
    return About(" · ".join(part for part in (kind, label) if part), _page_of(envelope))


def _page_of(envelope: Envelope) -> str:
    lane, _colon, subject = envelope.ordering_key.partition(":")
    if lane == "contract":
        return reverse("contracts:detail", args=[subject])
    if lane == "partner":
        return reverse("interactions:account", args=[subject])
    return ""
